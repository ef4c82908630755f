using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>failures</c>. A fault without its own <c>after</c> gets the profile's.</summary>
internal static partial class FailureSection
{
    private static readonly string[] KillKeys = ["process", "signal"];

    private static readonly string[] Signals =
        ["SIGINT", "SIGTERM", "SIGKILL", "SIGQUIT", "SIGHUP", "SIGABRT", "SIGSEGV", "SIGBUS", "SIGUSR1", "SIGUSR2", "SIGSTOP", "SIGCONT"];

    public static Dictionary<string, Failure> Read(ObjectReader section, TimeSpan after)
    {
        var failures = new Dictionary<string, Failure>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            if (!Name().IsMatch(name))
            {
                item.Fault(ScenarioCodes.BadValue, "", $"the failure name '{name}' must be of a-z, 0-9 and '_': the last '-' of a scenario's name is where the failure begins", 0);
            }

            var faults = item.IsEmpty ? [] : item.Has("faults") ? List(item, after) : ImmutableArray.Create(One(item, after));
            item.End();
            failures.TryAdd(name, new Failure(name, faults));
        }

        return failures;
    }

    private static ImmutableArray<Fault> List(ObjectReader item, TimeSpan after)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        foreach (var fault in item.Objects("faults"))
        {
            faults.Add(One(fault, after));
            fault.End();
        }

        return faults.ToImmutable();
    }

    private static Fault One(ObjectReader item, TimeSpan after)
    {
        var kind = item.Choice("kind", required: true, "killProcess", "deletePod");
        var kill = kind != "deletePod";
        if (!kill)
        {
            foreach (var key in KillKeys.Where(item.Has))
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' has no meaning for deletePod; remove it", 0);
            }
        }

        return new Fault
        {
            Kind = kill ? FaultKind.KillProcess : FaultKind.DeletePod,
            Target = item.Text("target", required: true) ?? "",
            Process = kill ? item.Text("process", required: kind is not null) : null,
            Signal = (kill ? item.Choice("signal", required: false, Signals) : null) ?? "SIGINT",
            Pods = Pods(item),
            After = item.Seconds("after", after),
        };
    }

    private static PodSelection Pods(ObjectReader item)
    {
        const string Forms = "'pods' must be \"first\", \"all\", a number from 1, a share such as \"50%\", or {\"random\": 2}";
        switch (item.Raw("pods"))
        {
            case null:
                return PodSelection.First;
            case JsonObject when item.Object("pods") is { } random:
                var count = random.Int("random", 0, 1, 1000);
                random.End();
                return count > 0 || random.Has("random")
                    ? new PodSelection(SelectionMode.Random, Math.Max(count, 1))
                    : item.Fault(ScenarioCodes.BadValue, "pods", Forms, PodSelection.First);
            case JsonValue value when value.TryGetValue(out long _):
                return new PodSelection(SelectionMode.Count, item.Int("pods", 1, 1, 1000));
            case JsonValue value when value.TryGetValue(out string? text):
                return text switch
                {
                    "first" => PodSelection.First,
                    "all" => new PodSelection(SelectionMode.All, 0),
                    _ when text.EndsWith('%') && int.TryParse(text[..^1], out var percent) && percent is >= 1 and <= 100 =>
                        new PodSelection(SelectionMode.Percent, percent),
                    _ => item.Fault(ScenarioCodes.BadValue, "pods", $"{Forms}, not '{text}'", PodSelection.First),
                };
            default:
                return item.Fault(ScenarioCodes.WrongType, "pods", Forms, PodSelection.First);
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
