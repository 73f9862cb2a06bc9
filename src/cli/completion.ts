import type { ProgramName } from './name.ts';
import { type OptionName, options } from './options.ts';
import { bare, flagsOf, type Verb, verbs } from './verbs.ts';

/** The scripts are written out from the tables of verbs and flags, and ask for nothing when they run but for the environments of a folder. */
export const shells = { bash, zsh, fish, powershell } as const;

const first = (name: string) => name.split(' ')[0] ?? '';
const heads = () => [...new Set(Object.keys(verbs).map(first)), 'help'];
/** The second words of verbs of two words, by the first. */
const seconds = (): [string, string[]][] =>
  heads().flatMap((head) => {
    const found = Object.keys(verbs).filter((name) => name.startsWith(`${head} `));
    return found.length === 0 ? [] : [[head, found.map((name) => name.slice(head.length + 1))] as [string, string[]]];
  });
const named = (head: string): Verb[] =>
  Object.entries(verbs).flatMap(([name, verb]) => (first(name) === head ? [verb] : []));
/** Every flag of the verbs with this first word, that one of them does something with. */
const flagsBelow = (head: string): OptionName[] => [...new Set(named(head).flatMap(flagsOf))];
const long = (names: readonly OptionName[]) => names.map((name) => `--${name}`);
/** The flags whose value is one of a few words, by those words. */
const choices = (): [flags: string[], words: readonly string[]][] => {
  const byWords = new Map<string, string[]>();
  for (const [name, option] of Object.entries(options)) {
    if (!option.choices) continue;
    const words = option.choices.join(' ');
    byWords.set(words, [...(byWords.get(words) ?? []), `--${name}`]);
  }
  return [...byWords].map(([words, flags]) => [flags, words.split(' ')]);
};
/** The flags whose words are others behind some verbs: those of each. */
const choicesBelow = (): [flag: string, below: [head: string, words: readonly string[]][]][] => {
  const byFlag = new Map<string, [string, readonly string[]][]>();
  for (const [name, verb] of Object.entries(verbs))
    for (const [flag, [, , words]] of Object.entries(verb.says ?? {}))
      if (words) byFlag.set(`--${flag}`, [...(byFlag.get(`--${flag}`) ?? []), [first(name), words]]);
  return [...byFlag];
};
/** The flags whose values are asked for, and the verb that tells them: names of letters, digits and a few signs that no shell expands. */
const asked = (): [flag: string, verb: string][] =>
  Object.entries(options).flatMap(([name, { from }]) => (from === undefined ? [] : [[`--${name}`, from]]));
/** Where no verb stands: those of `FILE` alone. */
const bareFlags = () => long(flagsOf(bare));
/** The flags behind which a word is their value and no operand. */
const valued = () =>
  Object.entries(options).flatMap(([name, { value, short, alone }]) =>
    value === undefined || alone !== undefined ? [] : [`--${name}`, ...(short ? [`-${short}`] : [])],
  );

function bash(as: ProgramName): string {
  const flags = heads().map((head) => `        ${head}) words="${long(flagsBelow(head)).join(' ')}" ;;`);
  const more = seconds().map(([head, words]) => `        ${head}) words="${words.join(' ')}" ;;`);
  const values = [
    ...choicesBelow().map(
      ([name, below]) =>
        `    ${name}) case "$verb" in ${below.map(([head, words]) => `${head}) words="${words.join(' ')}" ;;`).join(' ')} esac ;;`,
    ),
    ...choices().map(([names, words]) => `    ${names.join('|')}) words="${words.join(' ')}" ;;`),
    ...asked().map(([name, verb]) => `    ${name}) words="$(${as} ${verb} 2>/dev/null | cut -f1)" ;;`),
  ];
  return `# source <(${as} completion bash)
_${as}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" verb="" second="" at=0 words="" before="" i
  # Bash takes the = of --flag=value for a word of its own; zsh does not.
  if [ "$cur" = "=" ]; then cur=""
  elif [ "$prev" = "=" ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"
  elif [[ "$cur" == --*=* ]]; then prev="\${cur%%=*}"; before="$prev="; cur="\${cur#*=}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valued().join('|')}) if [ "\${COMP_WORDS[i+1]}" = "=" ]; then i=$((i + 2)); else i=$((i + 1)); fi ;;
      -*|=) ;;
      *) if [ -z "$verb" ]; then verb="\${COMP_WORDS[i]}"; at=$i; else second="\${COMP_WORDS[i]}"; break; fi ;;
    esac
  done
  case "$prev" in
${values.join('\n')}
    ${valued().join('|')}) COMPREPLY=(); return ;;
    *)
  case "$cur" in
    -*)
      case "$verb" in
${flags.join('\n')}
        *) words="${bareFlags().join(' ')} --help --version" ;;
      esac
      ;;
    *)
      if [ -z "$verb" ]; then words="${heads().join(' ')}"
      elif [ "$verb" = help ] && [ -n "$second" ]; then
        case "$second" in
${more.join('\n')}
        esac
      elif [ "$COMP_CWORD" -eq $((at + 1)) ]; then
        case "$verb" in
        help) words="${heads()
          .filter((head) => head !== 'help')
          .join(' ')}" ;;
${more.join('\n')}
        esac
      fi
      ;;
  esac ;;
  esac
  COMPREPLY=($(compgen -P "$before" -W "$words" -- "$cur"))
}
complete -o default -F _${as} ${as}
`;
}

function zsh(as: ProgramName): string {
  return `# source <(${as} completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(as).split('\n').slice(1).join('\n')}`;
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(as: ProgramName): string {
  const lines = [`# ${as} completion fish | source`];
  const line = (when: string, rest: string) => lines.push(`complete -c ${as} -n ${quoted(when)} ${rest}`);
  for (const name of flagsOf(bare)) line('__fish_use_subcommand', flagInFish(as, name, bare));
  for (const head of heads()) {
    line('__fish_use_subcommand', `-a ${head} -d ${quoted(named(head)[0]?.summary ?? '')}`);
    for (const name of flagsBelow(head)) {
      const verb = named(head).find(({ options }) => options.includes(name)) ?? bare;
      line(`__fish_seen_subcommand_from ${head}`, flagInFish(as, name, verb));
    }
    if (head !== 'help') line('__fish_seen_subcommand_from help', `-f -a ${head}`);
  }
  for (const [head, words] of seconds()) line(`__fish_seen_subcommand_from ${head}`, `-f -a '${words.join(' ')}'`);
  return `${lines.join('\n')}\n`;
}

function flagInFish(as: ProgramName, name: OptionName, { says }: Verb): string {
  const { short, value, alone, from, isFile } = options[name];
  const [help, , words = options[name].choices] = says?.[name] ?? [options[name].help];
  const list = words?.join(' ') ?? (from && `(${as} ${from} 2>/dev/null)`);
  const takes = list ? ` -x -a '${list}'` : isFile ? ' -r -F' : value && !alone ? ' -x' : '';
  return `-l ${name}${short ? ` -s ${short}` : ''}${takes} -d ${quoted(help)}`;
}

function powershell(as: ProgramName): string {
  const list = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');
  const flags = heads().map((head) => `    '${head}' = @(${list(long(flagsBelow(head)))})`);
  const more = seconds().map(([head, words]) => `    '${head}' = @(${list(words)})`);
  const values = [
    ...choices().flatMap(([names, words]) => names.map((name) => `    '${name}' = @(${list(words)})`)),
    ...asked().map(
      ([name, verb]) => `    '${name}' = { ${as} ${verb} 2>$null | ForEach-Object { ($_ -split "\`t")[0] } }`,
    ),
  ];
  return `# ${as} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${as} -ScriptBlock {
  param($word, $ast, $position)
  $verbs = @(${list(heads())})
  $flags = @{
${flags.join('\n')}
  }
  $more = @{
    'help' = @(${list(heads().filter((head) => head !== 'help'))})
${more.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $all = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  $last = @($all | Where-Object { $_ -ne $word }) | Select-Object -Last 1
  $given = @($all | Where-Object { $_ -notlike '-*' -and $_ -ne $word })
  $words = if ($last -and $values.ContainsKey($last)) { if ($values[$last] -is [scriptblock]) { & $values[$last] } else { $values[$last] } } elseif ($word -like '-*') { if ($given.Count -gt 0) { $flags[$given[0]] } else { @(${list(bareFlags())}) } } elseif ($given.Count -eq 0) { $verbs } elseif ($given.Count -eq 1) { $more[$given[0]] }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}
