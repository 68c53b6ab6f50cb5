"""Describe the messages that tuning lines are made of.

In: nothing.
Out: ``SFT_EXAMPLE``, ``PREFERENCE_EXAMPLE`` and what they are made of: ``PART``, ``PART_DATA``, ``FUNCTION_DECLARATION``.
Not here: the code that checks values against them (``protojson``).

Source: GenerateContentRequest and GeminiPreferenceExample of the Vertex AI API, v1 and v1beta1, and the Gen AI
SDK's types, as of 2026-11. Messages that tuning does not look into are described as plain objects.
"""

from tunestats.protojson.schema import Enumeration, Field, Kind, MessageType, Need, OneOf

__all__ = ["FUNCTION_DECLARATION", "PART", "PART_DATA", "PREFERENCE_EXAMPLE", "SFT_EXAMPLE"]

STRING, BOOL, OBJECT, VALUE = Kind.STRING, Kind.BOOL, Kind.OBJECT, Kind.VALUE
REQUIRED, ADVISED = Need.REQUIRED, Need.ADVISED


def _fields(kind: Kind, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, kind) for name in names)


def _levels(*suffixes: str) -> Enumeration:
    return Enumeration(tuple(f"MEDIA_RESOLUTION_{suffix}" for suffix in suffixes))


SCHEMA = MessageType("Schema")
SCHEMA_TYPE = Enumeration(
    ("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"),
    any_case=True,
)
SCHEMA.define(
    (
        Field("type", SCHEMA_TYPE),
        Field("items", SCHEMA),
        Field("properties", SCHEMA, mapped=True),
        Field("anyOf", SCHEMA, repeated=True),
        Field("defs", SCHEMA, mapped=True),
        Field("$defs", SCHEMA, mapped=True),
        Field("required", STRING, repeated=True),
        Field("enum", STRING, repeated=True),
        Field("propertyOrdering", STRING, repeated=True),
        *_fields(STRING, "format", "description", "pattern", "title", "ref", "$ref"),
        *_fields(VALUE, "example", "default", "additionalProperties"),
        *_fields(
            Kind.INT64, "minProperties", "maxProperties", "minLength", "maxLength", "minItems", "maxItems"
        ),
        *_fields(Kind.DOUBLE, "minimum", "maximum"),
        Field("nullable", BOOL),
    )
)

FUNCTION_DECLARATION = MessageType(
    "FunctionDeclaration",
    (
        Field("name", STRING, ADVISED),
        Field("description", STRING),
        Field("parameters", SCHEMA),
        Field("response", SCHEMA),
        *_fields(VALUE, "parametersJsonSchema", "responseJsonSchema"),
        Field("behavior", Enumeration(("UNSPECIFIED", "BLOCKING", "NON_BLOCKING"))),
    ),
)
TOOL = MessageType(
    "Tool",
    (
        Field("functionDeclarations", FUNCTION_DECLARATION, repeated=True),
        *_fields(
            OBJECT,
            "retrieval",
            "googleSearch",
            "googleSearchRetrieval",
            "codeExecution",
            "googleMaps",
            "enterpriseWebSearch",
            "urlContext",
            "computerUse",
            "parallelAiSearch",
            "exaAiSearch",
            "fileSearch",
        ),
        Field("mcpServers", OBJECT, repeated=True),
    ),
)

BLOB = MessageType(
    "Blob",
    (Field("mimeType", STRING, REQUIRED), Field("data", Kind.BYTES, REQUIRED), Field("displayName", STRING)),
)
FILE_DATA = MessageType(
    "FileData",
    (Field("mimeType", STRING, REQUIRED), Field("fileUri", STRING, REQUIRED), Field("displayName", STRING)),
)
FUNCTION_CALL = MessageType(
    "FunctionCall",
    (
        Field("name", STRING, ADVISED),
        Field("args", OBJECT),
        Field("id", STRING),
        Field("partialArgs", OBJECT, repeated=True),
        Field("willContinue", BOOL),
    ),
)
VIDEO_METADATA = MessageType(
    "VideoMetadata",
    (*_fields(Kind.DURATION, "startOffset", "endOffset"), Field("fps", Kind.DOUBLE)),
)
PART_MEDIA_RESOLUTION = MessageType(
    "MediaResolution",
    (
        Field("level", _levels("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH")),
        Field("numTokens", Kind.INT32),
    ),
)
FUNCTION_RESPONSE_PART = MessageType(
    "FunctionResponsePart",
    (
        Field("inlineData", BLOB),
        Field("fileData", FILE_DATA),
        Field("videoMetadata", VIDEO_METADATA),
        Field("mediaResolution", PART_MEDIA_RESOLUTION),
        *_fields(OBJECT, "mediaProcessing", "documentMetadata", "spreadsheetMetadata", "audioMetadata"),
    ),
    unions=(
        OneOf(
            frozenset(("inlineData", "fileData")),
            "the part holds no data; expected `fileData` or `inlineData`",
        ),
    ),
)
FUNCTION_RESPONSE = MessageType(
    "FunctionResponse",
    (
        Field("name", STRING, ADVISED),
        Field("response", OBJECT, ADVISED),
        Field("id", STRING),
        Field("parts", FUNCTION_RESPONSE_PART, repeated=True),
        Field("willContinue", BOOL),
        Field("scheduling", Enumeration(("SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"))),
    ),
)
EXECUTABLE_CODE = MessageType(
    "ExecutableCode",
    (Field("language", Enumeration(("LANGUAGE_UNSPECIFIED", "PYTHON"))), *_fields(STRING, "code", "id")),
)
CODE_EXECUTION_RESULT = MessageType(
    "CodeExecutionResult",
    (
        Field(
            "outcome",
            Enumeration(("OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED")),
        ),
        *_fields(STRING, "output", "id"),
    ),
)

PART_DATA: dict[str, Kind | MessageType] = {
    "text": STRING,
    "inlineData": BLOB,
    "fileData": FILE_DATA,
    "functionCall": FUNCTION_CALL,
    "functionResponse": FUNCTION_RESPONSE,
    "executableCode": EXECUTABLE_CODE,
    "codeExecutionResult": CODE_EXECUTION_RESULT,
    "toolCall": OBJECT,
    "toolResponse": OBJECT,
}
PART = MessageType(
    "Part",
    (
        *(Field(name, kind) for name, kind in PART_DATA.items()),
        Field("videoMetadata", VIDEO_METADATA),
        Field("mediaResolution", PART_MEDIA_RESOLUTION),
        Field("thought", BOOL),
        Field("thoughtSignature", Kind.BYTES),
        *_fields(OBJECT, "partMetadata", "audioTranscription", "mediaProcessing", "speechMetadata"),
    ),
    unions=(
        OneOf(frozenset(PART_DATA), "the part holds no data; expected `text` or one of its alternatives"),
    ),
)
CONTENT = MessageType("Content", (Field("role", STRING), Field("parts", PART, REQUIRED, repeated=True)))
# Its role is ignored, and nothing public says that an empty one is refused.
SYSTEM_INSTRUCTION = MessageType(
    "Content", (Field("role", STRING), Field("parts", PART, ADVISED, repeated=True))
)

GENERATION_CONFIG = MessageType(
    "GenerationConfig",
    (
        Field("mediaResolution", _levels("UNSPECIFIED", "LOW", "MEDIUM", "HIGH")),
        *_fields(Kind.FLOAT, "temperature", "topP", "topK", "presencePenalty", "frequencyPenalty"),
        *_fields(Kind.INT32, "candidateCount", "maxOutputTokens", "logprobs", "seed"),
        Field("stopSequences", STRING, repeated=True),
        Field("responseMimeType", STRING),
        Field("responseModalities", VALUE, repeated=True),
        Field("responseSchema", SCHEMA),
        Field("responseJsonSchema", VALUE),
        *_fields(
            BOOL, "responseLogprobs", "audioTimestamp", "enableAffectiveDialog", "enableEnhancedCivicAnswers"
        ),
        *_fields(
            OBJECT,
            "routingConfig",
            "speechConfig",
            "thinkingConfig",
            "modelConfig",
            "modelSelectionConfig",
            "imageConfig",
            "translationConfig",
            "audioTranscriptionConfig",
        ),
        Field("responseFormat", OBJECT, repeated=True),
    ),
)

# Rows exported from a multimodal dataset carry more of a request than documented lines do.
REQUEST = (
    Field("contents", CONTENT, REQUIRED, repeated=True),
    Field("systemInstruction", SYSTEM_INSTRUCTION),
    Field("tools", TOOL, repeated=True),
    Field("generationConfig", GENERATION_CONFIG),
    Field("toolConfig", OBJECT),
    Field("safetySettings", OBJECT, repeated=True),
    Field("labels", STRING, mapped=True),
    Field("model", STRING),
    Field("cachedContent", STRING),
    Field("modelArmorConfig", OBJECT),
)
COMPLETION = MessageType("Completion", (Field("completion", CONTENT, REQUIRED), Field("score", Kind.FLOAT)))

SFT_EXAMPLE = MessageType("example", REQUEST)
PREFERENCE_EXAMPLE = MessageType(
    "example",
    (*REQUEST, Field("completions", COMPLETION, REQUIRED, repeated=True)),
)
