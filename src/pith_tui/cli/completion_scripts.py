"""The completion scripts of bash, zsh and fish, generated from the parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pith_tui.cli.completion_spec import CommandSpec, Option, Value

_BASH = """\
# bash completion for pith-tui, made by `pith-tui completions bash`.
# Try it:  source <(pith-tui completions bash)

_pith_tui_ids() {
    local id
    while IFS= read -r id; do
        [[ $id == "$1"* ]] && COMPREPLY+=("$id")
    done < <("${COMP_WORDS[0]}" completions ids "$1" 2>/dev/null)
}

_pith_tui_files() {
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do
        COMPREPLY+=("$name")
    done < <(compgen "$2" -- "$1")
}

_pith_tui_words() {
    local word
    for word in $2; do
        [[ $word == "$1"* ]] && COMPREPLY+=("$word")
    done
}

_pith_tui() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    # bash takes --option=value for three words, and pith:2025 too.
    local index=$COMP_CWORD
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    else
        while ((index > 1)); do
            [[ ${COMP_WORDS[index]} == ":" || ${COMP_WORDS[index-1]} == ":" ]] || break
            index=$((index - 1))
            current=${COMP_WORDS[index]}$current
        done
        previous=${COMP_WORDS[index-1]}
    fi
    COMPREPLY=()
    _pith_tui_offer
    # What stands before the last colon is on the line already.
    if [[ $current == *:* ]]; then
        for index in "${!COMPREPLY[@]}"; do
            COMPREPLY[index]=${COMPREPLY[index]#"${current%%"${current##*:}"}"}
        done
    fi
}

_pith_tui_offer() {
    local path="" word index
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        case "$path/$word" in
            %(paths)s) path="$path/$word" ;;
        esac
    done
    case "$path $previous" in
%(values)s
    esac
    if [[ $current == -* ]]; then
        case "$path" in
%(options)s
        esac
        return
    fi
    case "$path" in
%(positions)s
    esac
}

complete -F _pith_tui pith-tui
"""
_ZSH = """\
#compdef pith-tui
# zsh completion for pith-tui, made by `pith-tui completions zsh`.
# Keep it as _pith-tui in a directory of $fpath, or:  source <(pith-tui completions zsh)

_pith_tui_ids() {
    local -a ids
    ids=(${(f)"$("$program" completions ids "$PREFIX" 2>/dev/null)"})
    compadd -a ids
}

_pith_tui_ids_or_files() {
    _pith_tui_ids
    _files
}

%(functions)s

_pith_tui_start() {
    local program=$words[1]
    # Options may stand before the command.
    while (( CURRENT > 2 )); do
        case $words[2] in
            (%(flags)s)
                words[2]=()
                (( CURRENT -= 1 )) ;;
            (%(valued)s)
                (( CURRENT > 3 )) || break
                words[2,3]=()
                (( CURRENT -= 2 )) ;;
            (*) break ;;
        esac
    done
    _pith_tui
}

if [[ $funcstack[1] == _pith-tui ]]; then
    _pith_tui_start "$@"
else
    compdef _pith_tui_start pith-tui
fi
"""
_FISH = """\
# fish completion for pith-tui, made by `pith-tui completions fish`.
# Keep it as ~/.config/fish/completions/pith-tui.fish, or:  pith-tui completions fish | source

function __pith_tui_at
    set -l path ''
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        switch "$path/$word"
            case %(paths)s
                set path "$path/$word"
        end
    end
    test "$path" = "$argv[1]"
end

function __pith_tui_ids
    set -l words (commandline -opc)
    $words[1] completions ids (commandline -ct) 2>/dev/null
end

complete -c pith-tui -f
%(lines)s
"""


def bash_script(nodes: list[CommandSpec]) -> str:
    """Write the script of bash, 3.2 or later."""
    values: dict[str, list[str]] = {}
    for node in nodes:
        for option in node.options:
            if option.value is not None:
                does = "; ".join([*_bash_value(option.value), "return"])
                values.setdefault(does, []).extend(
                    f'"{_slashed(node)} {name}"' for name in option.names
                )
    options = [_bash_words(node, _names(node.options)) for node in nodes]
    positions = [
        f'        "{_slashed(node)}") {"; ".join(offered)} ;;'
        for node in nodes
        if (offered := _bash_position(node))
    ]
    return _BASH % {
        "paths": "|".join(map(_slashed, nodes[1:])),
        "values": "\n".join(
            f"        {'|'.join(places)}) {does} ;;" for does, places in values.items()
        ),
        "options": "\n".join(options),
        "positions": "\n".join(positions),
    }


def _bash_words(node: CommandSpec, names: Iterable[str]) -> str:
    return f'            "{_slashed(node)}") _pith_tui_words "$current" "{" ".join(names)}" ;;'


def _bash_position(node: CommandSpec) -> list[str]:
    names = " ".join(name for name, _ in node.commands)
    offered = [f'_pith_tui_words "$current" "{names}"'] if names else []
    return offered if node.value is None else [*offered, *_bash_value(node.value)]


def _bash_value(value: Value) -> list[str]:
    does = []
    if value.choices:
        does.append(f'_pith_tui_words "$current" "{" ".join(value.choices)}"')
    if value.ids:
        does.append('_pith_tui_ids "$current"')
    if value.files:
        does.append('_pith_tui_files "$current" -f')
    if value.directories:
        does.append('_pith_tui_files "$current" -d')
    return does


def zsh_script(nodes: list[CommandSpec]) -> str:
    """Write the script of zsh."""
    root = nodes[0].options
    valued = _names(option for option in root if option.value is not None)
    flags = _names(option for option in root if option.value is None)
    return _ZSH % {
        "functions": "\n\n".join(map(_zsh_function, nodes)),
        "flags": "|".join([*flags, *(f"{name}=*" for name in valued)]),
        "valued": "|".join(valued),
    }


def _zsh_function(node: CommandSpec) -> str:
    specs = [spec for option in node.options for spec in _zsh_option(option)]
    if node.value is not None:
        specs.append(_quoted(f"*:{node.value.name}:{_zsh_action(node.value)}"))
    arguments = " \\\n        ".join(["_arguments -S", *specs])
    body = _zsh_commands(node, arguments) if node.commands else [f"    {arguments}"]
    return "\n".join([f"{_zsh_name(node.path)}() {{", *body, "}"])


def _zsh_commands(node: CommandSpec, arguments: str) -> list[str]:
    """Complete the commands below a node, and dispatch to the one that was typed."""
    described = " ".join(
        _quoted(f"{name}:{summary.replace(':', '')}") for name, summary in node.commands
    )
    return [
        f"    local -a commands=({described})",
        "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
        "        _describe command commands",
        *(["        _pith_tui_ids"] if node.value is not None and node.value.ids else []),
        "        return",
        "    fi",
        "    case $words[2] in",
        *(
            f"    {name}) shift words; (( CURRENT-- )); {_zsh_name((*node.path, name))} ;;"
            for name, _ in node.commands
        ),
        f"    *) {arguments} ;;",
        "    esac",
    ]


def _zsh_name(path: tuple[str, ...]) -> str:
    return "_".join(("_pith_tui", *path))


def _zsh_option(option: Option) -> list[str]:
    summary = option.summary.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    tail = f"[{summary}]"
    if option.value is not None:
        tail += f":{option.value.name}:{_zsh_action(option.value)}"
    others = "" if option.again else f"({' '.join(option.names)})"
    return [_quoted(f"{'*' if option.again else others}{name}{tail}") for name in option.names]


def _zsh_action(value: Value) -> str:
    if value.choices:
        return f"({' '.join(value.choices)})"
    if value.ids:
        return "_pith_tui_ids_or_files" if value.files else "_pith_tui_ids"
    if value.files:
        return "_files"
    return "_files -/" if value.directories else " "


def fish_script(nodes: list[CommandSpec]) -> str:
    """Write the script of fish, 3.0 or later."""
    lines = []
    for node in nodes:
        start = f"complete -c pith-tui -n '__pith_tui_at \"{_slashed(node)}\"'"
        lines += [f"{start} -a {name} -d {_quoted(summary)}" for name, summary in node.commands]
        if node.value is not None:
            lines += [f"{start} {added}" for added in _fish_value(node.value)]
        for option in node.options:
            names = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in option.names
            )
            takes = ""
            if option.value is not None:
                takes = " ".join([" -r", *_fish_value(option.value)])
            lines.append(f"{start} {names}{takes} -d {_quoted(option.summary)}")
    paths = " ".join(map(_slashed, nodes[1:]))
    return _FISH % {"paths": paths, "lines": "\n".join(lines)}


def _fish_value(value: Value) -> list[str]:
    does = ["-F" if value.files else "-f"]
    if value.choices:
        does.append(f"-a {_quoted(' '.join(value.choices))}")
    if value.ids:
        does.append("-a '(__pith_tui_ids)'")
    if value.directories:
        does.append("-a '(__fish_complete_directories)'")
    return [" ".join(does)]


def _slashed(node: CommandSpec) -> str:
    return "".join(f"/{word}" for word in node.path)


def _names(options: Iterable[Option]) -> list[str]:
    return [name for option in options for name in option.names]


def _quoted(text: str) -> str:
    """Quote for a shell, in single quotes, so that nothing is expanded."""
    return "'" + text.replace("'", "'\\''") + "'"


SCRIPTS: Mapping[str, Callable[[list[CommandSpec]], str]] = {
    "bash": bash_script,
    "zsh": zsh_script,
    "fish": fish_script,
}
"""The function that writes the script of each shell."""
