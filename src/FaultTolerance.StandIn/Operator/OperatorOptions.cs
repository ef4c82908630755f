using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Operator;

/// <summary>The command line of <c>stand-in operator</c>.</summary>
/// <param name="Namespace">The one namespace to look after, by default the operator's own; null for all.</param>
/// <param name="GpuLimits">
/// Whether <c>resources.limits.gpu</c> becomes a limit on nvidia.com/gpu. Off unless asked for: the stand-in computes nothing, and on
/// a node without GPUs its pods could not be scheduled.
/// </param>
/// <param name="Today">Whether graphs that do not say have profile today (STANDIN_PROFILE).</param>
/// <param name="FailFirst">How many reconciles of each graph fail before one may succeed, for graphs that do not say
/// (STANDIN_RECONCILE_ERRORS).</param>
/// <param name="Grove">Whether graphs that do not say otherwise become PodCliqueSets: where the stand-in's Grove is installed.</param>
internal sealed record OperatorOptions(string? Namespace, bool GpuLimits, bool Today = false, int FailFirst = 0, bool Grove = false)
{
    /// <summary>Parses; throws <see cref="UsageException"/> for an unknown option or two namespaces.</summary>
    public static OperatorOptions Parse(IReadOnlyList<string> arguments, string ownNamespace)
    {
        const string Program = "stand-in operator";
        var options = CommandOptions.Parse(Program, arguments, ["--all-namespaces", "--gpu-limits"], ["--namespace"]);
        if (options.Ignored.Count > 0)
        {
            throw new UsageException(
                $"{Program}: unknown option {options.Ignored[0]}; it takes --namespace NS or --all-namespaces, and --gpu-limits"
            );
        }

        var one = options.Text("--namespace");
        var all = options.Has("--all-namespaces");
        if (all && one is not null)
        {
            throw new UsageException($"{Program}: give either --namespace NS or --all-namespaces");
        }

        return new(all ? null : one ?? ownNamespace, options.Has("--gpu-limits"));
    }

    /// <summary>
    /// The path of a kind's objects in what is looked after; with <paramref name="inNamespace"/>, those of that namespace.
    /// </summary>
    public string Collection(string group, string plural, string? inNamespace = null) =>
        (inNamespace ?? Namespace) is { } name ? $"{group}/namespaces/{name}/{plural}" : $"{group}/{plural}";
}
