using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>failures</c>. A fault without its own <c>after</c> gets the profile's.</summary>
internal static partial class FailureSection
{
    private const string Kind = "kind";
    private const string Target = "target";
    private const string Pods = "pods";
    private const string Select = "select";
    private const string EvenDown = "evenDown";
    private const string MaxPods = "maxPods";
    private const string MaxPercent = "maxPercent";
    private const string After = "after";
    private static readonly string[] Roles = ["any", "leader", "worker"];
    private const int MostPods = 1000;
    private static readonly string[] OfPods = [Pods, Select, EvenDown, MaxPods, MaxPercent];

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static Dictionary<string, Failure> Read(ObjectReader section, TimeSpan after, ImmutableArray<IFaultSyntax> kinds)
    {
        var failures = new Dictionary<string, Failure>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            if (!Name().IsMatch(name))
            {
                item.Fault(
                    ScenarioCodes.BadValue,
                    "",
                    $"the failure name '{name}' must be of a-z, 0-9 and '_': the last '-' of a scenario's name is where the failure begins",
                    0);
            }

            if (!item.Has("faults") && item.Raw(Kind) is JsonValue word && word.TryGetValue<string>(out var said)
                && said == ExternalFailure.Word)
            {
                item.Has(Kind);
                TimeSpan? at = item.Has(After) ? item.Seconds(After, TimeSpan.Zero) : null;
                item.End();
                failures.TryAdd(name, new Failure(name, []) { External = new ExternalFailure { After = at } });
                continue;
            }

            var faults = item.IsEmpty ? [] : item.Object("random") is { } random
                ? RandomSection.Read(random, after, fault => One(fault, after, kinds)) : item.Has("faults") ? List(item, after, kinds)
                    : One(item, after, kinds);
            var stop = item.Has("random") || item.Has("faults") ? StopSection.Read(item) : null;
            item.End();
            failures.TryAdd(name, new Failure(name, faults) { StopWhen = stop });
        }

        return failures;
    }

    private static ImmutableArray<Fault> List(ObjectReader item, TimeSpan after, ImmutableArray<IFaultSyntax> kinds)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        foreach (var fault in item.Objects("faults"))
        {
            var read = One(fault, after, kinds);
            fault.End();
            if (read is [IStepFault { Step: { } step }] && step > faults.Count)
            {
                fault.Fault(ScenarioCodes.BadValue, "step", $"'step' is {step}, but the steps before this one are {faults.Count}", 0);
            }

            faults.AddRange(read);
        }

        return faults.ToImmutable();
    }

    // Empty where there is no such kind: the mistake is reported, and the rest of the fault is read all the same.
    private static ImmutableArray<Fault> One(ObjectReader item, TimeSpan after, ImmutableArray<IFaultSyntax> kinds)
    {
        var word = item.Choice(Kind, required: true, [.. kinds.Select(kind => kind.Kind)]);
        var kind = kinds.FirstOrDefault(kind => kind.Kind == word);
        Foreign(item, kind, kinds);
        var target = kind?.Aim == FaultAim.Other ? "" : item.Text(Target, required: true) ?? "";
        var own = kind?.Read(item);
        var pods = kind?.Aim is FaultAim.Service or FaultAim.Other ? PodSelection.First : PodsKey.Read(item, Pods);
        var select = kind?.Aim is FaultAim.Service or FaultAim.Other ? PodRole.Any
            : (PodRole)Math.Max(0, Array.IndexOf(Roles, item.Choice(Select, required: false, Roles)));
        var evenDown = kind?.Aim is not (FaultAim.Service or FaultAim.Other) && item.Bool(EvenDown, false);
        var (maxPods, maxPercent) = kind?.Aim is FaultAim.Service or FaultAim.Other ? (null, null)
            : (Limit(item, MaxPods, MostPods), Limit(item, MaxPercent, 100));
        var (when, awaited) = WhenKey.Read(item);

        // After what it waits for, a fault comes at once where nobody says otherwise.
        var time = item.Seconds(After, when == FaultStart.Time ? after : TimeSpan.Zero);
        return own is null ? [] :
        [
            own with { Target = target, Pods = pods, Select = select, EvenDown = evenDown, MaxPods = maxPods, MaxPercent = maxPercent,
                When = when, Awaited = awaited, After = time },
        ];
    }

    private static int? Limit(ObjectReader item, string key, int most) => item.Has(key) ? item.Int(key, 1, 1, most) : null;

    // Keys of other kinds are known, and so no typing mistakes; but here they would do nothing.
    private static void Foreign(ObjectReader item, IFaultSyntax? kind, ImmutableArray<IFaultSyntax> kinds)
    {
        var foreign = kinds.SelectMany(other => other.Keys).Select(key => key.Name).Distinct(StringComparer.Ordinal)
            .Concat(kind?.Aim switch { FaultAim.Service => OfPods, FaultAim.Other => [Target, .. OfPods], _ => [] })
            .Except(kind?.Keys.Select(key => key.Name) ?? [], StringComparer.Ordinal);
        foreach (var key in foreign.Where(item.Has))
        {
            if (kind is not null)
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' has no meaning for {kind.Kind}; remove it", 0);
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
