"""An API definition from its file."""

from pathlib import Path

import msgspec

from offhook.api.definition import ApiDefinition, DefinitionError


def load_definition(path: Path) -> ApiDefinition:
    """Read Swagger 2.0 or OpenAPI 3, as JSON. Raises `DefinitionError`, which names the file."""
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DefinitionError(f"{path}: is not JSON: {error}.") from error
    try:
        return ApiDefinition(document)
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from error
