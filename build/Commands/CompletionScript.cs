using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>Completion scripts for shells without NUKE's global tool: the words are written into the script.</summary>
internal static class CompletionScript
{
    public static string Of(string shell, Declarations declarations, IReadOnlyList<string> profiles)
    {
        var targets = string.Join(' ', declarations.Targets.Select(t => t.Name));
        var parameters = string.Join(' ', declarations.AllParameters.Where(p => !p.Hidden).Select(p => "--" + Names.Dashed(p.Name))
            .Order(StringComparer.Ordinal));
        var values = declarations.AllParameters.Where(p => p.Values.Count > 0)
            .Select(p => (Option: "--" + Names.Dashed(p.Name), Words: string.Join(' ', p.Values)))
            .Append(("--target", targets)).Append(("--skip", targets)).Append(("--profile", string.Join(' ', profiles)))
            .OrderBy(v => v.Item1, StringComparer.Ordinal).ToList();
        return shell switch
        {
            "bash" => Bash(targets, parameters, values),
            "zsh" => "(( $+functions[compdef] )) || { autoload -U +X compinit && compinit; }\n"
                + "autoload -U +X bashcompinit && bashcompinit\n" + Bash(targets, parameters, values),
            _ => PowerShell(targets, parameters, values),
        };
    }

    private static string Bash(string targets, string parameters, List<(string Option, string Words)> values) => $$"""
        # bash completion for ./build.sh: source this, for instance by  source <(./build.sh --completion bash)
        _faultmatrix() {
          local word="${COMP_WORDS[COMP_CWORD]}" option="" i
          for ((i = COMP_CWORD - 1; i > 0; i--)); do
            if [[ "${COMP_WORDS[i]}" == -* ]]; then option="${COMP_WORDS[i]}"; break; fi
          done
          # Bash makes the sign of --name=value a word of its own.
          if [[ "$word" == "=" ]]; then word=""; fi
          local words
          if [[ "$word" == -* ]]; then
            words="{{parameters}}"
          else
            case "$option" in
              "") words="{{targets}}" ;;
        {{string.Join('\n', values.Select(v => $"      {v.Option}) words=\"{v.Words}\" ;;"))}}
              --kubeconfig | --results | --scenarios-file | --runs | --root) COMPREPLY=($(compgen -f -- "$word")); return ;;
              *) words="" ;;
            esac
          fi
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        }
        complete -F _faultmatrix build.sh ./build.sh

        """;

    private static string PowerShell(string targets, string parameters, List<(string Option, string Words)> values) => $$"""
        # PowerShell completion for build.ps1: add this to the profile, or run  ./build.ps1 --completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName build.ps1, build.sh, build.cmd -ScriptBlock {
          param($word, $ast, $position)
          $values = @{
        {{string.Join('\n', values.Select(v => $"    '{v.Option}' = '{v.Words}'"))}}
          }
          $option = $ast.CommandElements | ForEach-Object { $_.ToString() } | Where-Object { $_ -like '-*' -and $_ -ne $word } | Select-Object -Last 1
          $words = if ($word -like '-*') { '{{parameters}}' } elseif (-not $option) { '{{targets}}' } else { $values[$option] }
          "$words".Split(' ', [StringSplitOptions]::RemoveEmptyEntries) | Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
