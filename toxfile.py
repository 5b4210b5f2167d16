"""tox reads this: Pythons that pyenv keeps are found without being on PATH."""

import os
from pathlib import Path

from tox.config.sets import ConfigSet
from tox.plugin import impl
from tox.session.state import State


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:  # noqa: ARG001  tox's own names
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = map(str, sorted(root.glob("versions/3.*/bin/python")))
    state.conf.options.discover = [*state.conf.options.discover, *kept]
