import { globalOptions, type OptionName, options } from './options.ts';
import { verbs } from './verbs.ts';

/** The scripts are written out from the tables of verbs and flags, and ask nothing when they run. */
export const shells = { bash, zsh, fish, powershell } as const;

const flagsOf = (name: string): OptionName[] => [
  ...(verbs[name]?.options ?? []),
  ...(Object.keys(globalOptions) as OptionName[]),
];
const first = (name: string) => name.split(' ')[0] ?? '';
const heads = () => [...new Set(Object.keys(verbs).map(first)), 'help'];
/** The second words of verbs of two words, by the first. */
const seconds = (): [string, string[]][] =>
  heads().flatMap((head) => {
    const found = Object.keys(verbs).filter((name) => name.startsWith(`${head} `));
    return found.length === 0 ? [] : [[head, found.map((name) => name.slice(head.length + 1))] as [string, string[]]];
  });
/** Every flag of the verbs with this first word. */
const flagsBelow = (head: string): string[] => {
  const names = Object.keys(verbs).filter((name) => first(name) === head);
  return [...new Set(names.flatMap(flagsOf))].map((name) => `--${name}`);
};

function bash(): string {
  const flags = heads().map((head) => `        ${head}) words="${flagsBelow(head).join(' ')}" ;;`);
  const more = seconds().map(([head, words]) => `        ${head}) words="${words.join(' ')}" ;;`);
  return `# source <(lockstep completion bash)
_lockstep() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" verb="" at=0 words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) ;;
      *) verb="\${COMP_WORDS[i]}"; at=$i; break ;;
    esac
  done
  case "$cur" in
    -*)
      case "$verb" in
${flags.join('\n')}
      esac
      ;;
    *)
      if [ -z "$verb" ]; then words="${heads().join(' ')}"
      elif [ "$COMP_CWORD" -eq $((at + 1)) ]; then
        case "$verb" in
${more.join('\n')}
        esac
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _lockstep lockstep
`;
}

function zsh(): string {
  return `# source <(lockstep completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash().split('\n').slice(1).join('\n')}`;
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(): string {
  const lines = ['# lockstep completion fish | source'];
  for (const head of heads()) {
    lines.push(`complete -c lockstep -n __fish_use_subcommand -a ${head} -d ${quoted(verbs[head]?.summary ?? '')}`);
    for (const flag of flagsBelow(head)) {
      const { short, value, alone, help } = options[flag.slice(2) as OptionName];
      const names = `-l ${flag.slice(2)}${short ? ` -s ${short}` : ''}${value && !alone ? ' -r' : ''}`;
      lines.push(`complete -c lockstep -n '__fish_seen_subcommand_from ${head}' ${names} -d ${quoted(help)}`);
    }
  }
  for (const [head, words] of seconds())
    lines.push(`complete -c lockstep -n '__fish_seen_subcommand_from ${head}' -a '${words.join(' ')}'`);
  return `${lines.join('\n')}\n`;
}

function powershell(): string {
  const list = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');
  const flags = heads().map((head) => `    '${head}' = @(${list(flagsBelow(head))})`);
  const more = seconds().map(([head, words]) => `    '${head}' = @(${list(words)})`);
  return `# lockstep completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName lockstep -ScriptBlock {
  param($word, $ast, $position)
  $verbs = @(${list(heads())})
  $flags = @{
${flags.join('\n')}
  }
  $more = @{
${more.join('\n')}
  }
  $given = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } | Where-Object { $_ -notlike '-*' -and $_ -ne $word })
  $words = if ($word -like '-*') { $flags[$given[0]] } elseif ($given.Count -eq 0) { $verbs } elseif ($given.Count -eq 1) { $more[$given[0]] }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}
