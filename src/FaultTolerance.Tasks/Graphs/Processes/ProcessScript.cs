namespace FaultTolerance.Graphs.Processes;

/// <summary>
/// What lists a container's processes: a fixed text for a POSIX shell. It uses builtins alone, but for <c>tr</c> (to part arguments; done
/// without where it is missing).
/// </summary>
internal static class ProcessScript
{
    /// <summary>
    /// Stands as <c>$0</c> on the command line of every shell that runs these scripts, and of whatever wraps it, so that a search knows
    /// its own kind: their command lines hold the whole text of the script.
    /// </summary>
    public const string Marker = "faultmatrix.dev/process-search";

    /// <summary>What the token begins with that a fault's work in a container carries on its command lines.</summary>
    public const string WorkPrefix = "faultmatrix-work-";

    /// <summary>
    /// Prints a line for each process: <c>P|SigCgt,SigBlk;stat|cmdline</c>, and <c>T</c> first when command lines come without blanks.
    /// A '|' in the program's name would end the stat early; such a line is not parsed and so never matched.
    /// </summary>
    public const string List = """
        command -v tr >/dev/null 2>&1 && t=1 || { t=; echo T; }
        for d in /proc/[0-9]*; do
          s=; c=; g=; b=
          { while IFS= read -r l || [ -n "$l" ]; do s="$s$l "; done; } 2>/dev/null <"$d/stat" || continue
          [ -n "$s" ] || continue
          if [ -n "$t" ]; then
            c=$(tr '\000\n' '  ' 2>/dev/null <"$d/cmdline")
          else
            { while IFS= read -r l || [ -n "$l" ]; do c="$c$l "; done; } 2>/dev/null <"$d/cmdline"
          fi
          { while read -r k v; do case $k in SigCgt:) g=$v;; SigBlk:) b=$v;; esac; done; } 2>/dev/null <"$d/status"
          printf 'P|%s,%s;%s|%s\n' "$g" "$b" "$s" "$c"
        done 2>/dev/null
        """;

    /// <summary>The command for <see cref="List"/>.</summary>
    public static IReadOnlyList<string> ListCommand { get; } = ["/bin/sh", "-c", List, Marker];
}
