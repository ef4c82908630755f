using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>A profile: one load, the time of faults that name none, what is added to the graphs, and how many scenarios run at once.</summary>
internal sealed record Profile(string Name, string? Load, TimeSpan After, GraphOverlay Overlay, int Parallelism);

/// <summary>Reads <c>profiles</c>.</summary>
internal static partial class ProfileSection
{
    public static Dictionary<string, Profile> Read(ObjectReader section, IReadOnlyCollection<string> loads)
    {
        var profiles = new Dictionary<string, Profile>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            var load = item.Text("load", required: true);
            if (load is not null && !loads.Contains(load, StringComparer.OrdinalIgnoreCase))
            {
                item.Fault(ScenarioCodes.UnknownName, "load", $"there is no load '{load}'{NearestName.Hint(load, loads)}", 0);
            }

            item.Has("description");
            profiles.TryAdd(name, new Profile(name, load, item.Seconds("after", TimeSpan.FromSeconds(10)), Overlay(item), item.Int("parallelism", 1, 1, 64)));
            item.End();
        }

        return profiles;
    }

    private static GraphOverlay Overlay(ObjectReader item)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (item.Object("environment") is { } variables)
        {
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
                        variables.Fault(ScenarioCodes.WrongType, key, $"'{key}' must be a text or a number, not {ObjectReader.Describe(other)}", 0);
                        break;
                }
            }
        }

        var services = ImmutableSortedDictionary.CreateBuilder<string, JsonObject>(StringComparer.Ordinal);
        if (item.Object("services") is { } patches)
        {
            foreach (var (service, _) in patches.Members())
            {
                services[service] = (JsonObject)patches.Raw(service)!.DeepClone();
            }
        }

        return new GraphOverlay(environment.ToImmutable(), services.ToImmutable());
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
