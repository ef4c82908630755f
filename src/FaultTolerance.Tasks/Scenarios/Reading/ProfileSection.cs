using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>
/// A profile: one load, the time of faults that name none, what is added to the graphs, and how many scenarios run at once.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Load">The load of its rows; null keeps each row's own.</param>
/// <param name="After">When a fault comes that names no time, from the load's first request.</param>
/// <param name="Overlay">What is added to the graphs.</param>
/// <param name="AtATime">How many scenarios run at once.</param>
internal sealed record Profile(string Name, string? Load, TimeSpan After, GraphOverlay Overlay, Parallelism AtATime)
{
    /// <summary>Loads of deployments by globs, the first that matches; before <see cref="Load"/>.</summary>
    public ImmutableArray<(string Pattern, string Load)> LoadOf { get; init; } = [];

    /// <summary>The load of a deployment's rows.</summary>
    public string LoadFor(string deployment) =>
        LoadOf.Where(rule => Glob.Matches(rule.Pattern, deployment)).Select(rule => rule.Load).FirstOrDefault() ?? Load!;
}

/// <summary>Reads <c>profiles</c>. A profile may go on from another (<c>from</c>): what it does not say, it has from there.</summary>
internal static partial class ProfileSection
{
    private static readonly TimeSpan DefaultAfter = TimeSpan.FromSeconds(10);

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static Dictionary<string, Profile> Read(ObjectReader section, IReadOnlyCollection<string> loads)
    {
        var drafts = new Dictionary<string, Draft>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            var load = item.Text("load");
            if (load is not null && !loads.Contains(load, StringComparer.OrdinalIgnoreCase))
            {
                item.Fault(ScenarioCodes.UnknownName, "load", $"there is no load '{load}'{NearestName.Hint(load, loads)}", 0);
            }

            var loadOf = LoadOf(item, loads);
            item.Has("description");
            drafts.TryAdd(
                name,
                new Draft(
                    item,
                    item.Text("from"),
                    load,
                    item.Has("after") ? item.Seconds("after", DefaultAfter) : null,
                    Overlay(item),
                    item.Has("parallelism") ? item.Int("parallelism", 1, 1, Parallelism.Most) : null,
                    item.Has("parallelismPerProcessor") ? item.Number("parallelismPerProcessor", 1, 0.01, Parallelism.Most) : null,
                    loadOf
                )
            );
            item.End();
        }

        return drafts.ToDictionary(pair => pair.Key, pair => Whole(pair.Key, drafts), StringComparer.OrdinalIgnoreCase);
    }

    private static Profile Whole(string name, Dictionary<string, Draft> drafts)
    {
        var line = new List<string> { name };
        var loadOf = drafts[name].LoadOf;
        var (own, load, after, overlay, most, perProcessor) = (
            drafts[name],
            drafts[name].Load,
            drafts[name].After,
            drafts[name].Overlay,
            drafts[name].Most,
            drafts[name].PerProcessor
        );
        for (var from = own.From; from is not null; from = drafts[from].From)
        {
            if (!drafts.TryGetValue(from, out var older))
            {
                // The profile whose key it is tells of it; those that go on from that one would only repeat it.
                if (line.Count == 1)
                {
                    own.Item.Fault(
                        ScenarioCodes.UnknownName,
                        "from",
                        $"there is no profile '{from}'{NearestName.Hint(from, [.. drafts.Keys.Where(key => key != name)])}",
                        0
                    );
                }

                return new Profile(name, load, after ?? DefaultAfter, overlay, new Parallelism(most ?? 1, perProcessor));
            }

            line.Add(from);
            if (line.Take(line.Count - 1).Contains(from, StringComparer.OrdinalIgnoreCase))
            {
                if (string.Equals(from, name, StringComparison.OrdinalIgnoreCase))
                {
                    own.Item.Fault(ScenarioCodes.BadValue, "from", $"the profile goes on from itself: {string.Join(" → ", line)}", 0);
                }

                return new Profile(name, load, after ?? DefaultAfter, overlay, new Parallelism(most ?? 1, perProcessor));
            }

            (load, after, overlay, most, perProcessor) = (
                load ?? older.Load,
                after ?? older.After,
                overlay.Over(older.Overlay),
                most ?? older.Most,
                // Who says how many says so for any machine.
                perProcessor ?? (most is null ? older.PerProcessor : null)
            );
            loadOf = loadOf.AddRange(older.LoadOf);
        }

        if (load is null && !drafts[line[^1]].Item.Has("load"))
        {
            own.Item.Fault(ScenarioCodes.Missing, "", "'load' is missing", 0);
        }

        return new Profile(name, load, after ?? DefaultAfter, overlay, new Parallelism(most ?? 1, perProcessor)) { LoadOf = loadOf };
    }

    private static ImmutableArray<(string Pattern, string Load)> LoadOf(ObjectReader item, IReadOnlyCollection<string> loads)
    {
        var rules = ImmutableArray.CreateBuilder<(string, string)>();
        if (item.Object("loadOf") is { } map)
        {
            foreach (var pattern in map.Keys())
            {
                var load = map.Text(pattern);
                if (load is not null && !loads.Contains(load, StringComparer.OrdinalIgnoreCase))
                {
                    map.Fault(ScenarioCodes.UnknownName, pattern, $"there is no load '{load}'{NearestName.Hint(load, loads)}", 0);
                }
                else if (load is not null)
                {
                    rules.Add((pattern, load));
                }
            }
        }

        return rules.ToImmutable();
    }

    private static GraphOverlay Overlay(ObjectReader item)
    {
        var services = ImmutableSortedDictionary.CreateBuilder<string, JsonObject>(StringComparer.Ordinal);
        if (item.Object("services") is { } patches)
        {
            foreach (var (service, _) in patches.Members())
            {
                services[service] = (JsonObject)patches.Raw(service)!.DeepClone();
            }
        }

        return new GraphOverlay(
            item.Object("environment") is { } variables ? Variables(variables) : ImmutableSortedDictionary<string, string>.Empty,
            services.ToImmutable());
    }

    /// <summary>Variables of containers: each a text or a number.</summary>
    public static ImmutableSortedDictionary<string, string> Variables(ObjectReader variables)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var key in variables.Keys())
        {
            if (!Variable().IsMatch(key))
            {
                variables.Fault(ScenarioCodes.BadValue, key, $"'{key}' is no name of an environment variable", 0);
            }

            switch (variables.Raw(key))
            {
                case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                    environment[key] = value.GetValue<string>();
                    break;
                case JsonValue value:
                    environment[key] = value.ToJsonString();
                    break;
                case var other:
                    variables.Fault(
                        ScenarioCodes.WrongType,
                        key,
                        $"'{key}' must be a text or a number, not {ObjectReader.Describe(other)}",
                        0
                    );
                    break;
            }
        }

        return environment.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variable();

    /// <summary>A profile as it stands in the file: null is what it does not say.</summary>
    private sealed record Draft(
        ObjectReader Item, string? From, string? Load, TimeSpan? After, GraphOverlay Overlay, int? Most, double? PerProcessor,
        ImmutableArray<(string Pattern, string Load)> LoadOf);
}
