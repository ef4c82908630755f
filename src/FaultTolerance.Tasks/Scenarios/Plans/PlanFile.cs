using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FaultTolerance.Runs;
using ServiceVariables = System.Collections.Immutable.ImmutableSortedDictionary<
    string,
    System.Collections.Immutable.ImmutableSortedDictionary<string, string>>;

namespace FaultTolerance.Scenarios.Plans;

/// <summary><c>plan.json</c> in a run's folder: the run's plan, written once when the run is made and never changed.</summary>
internal static class PlanFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "plan.json";

    /// <summary>The code where it cannot be read.</summary>
    public const string Unreadable = "FT0709";

    /// <summary>Writes a run's plan, with the texts of its manifests.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="plan">The plan; its deployments' manifests are read now.</param>
    /// <param name="vocabulary">The kinds of fault.</param>
    /// <param name="isSecret">Whether a manifest's text holds what looks like a secret.</param>
    /// <exception cref="IOException">The file, or a manifest, cannot be had.</exception>
    public static void Write(string runFolder, RunPlan plan, ScenarioVocabulary vocabulary, Func<string, string, bool> isSecret)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var manifests = plan.Scenarios.Select(row => row.Deployment.Manifest).Where(path => path.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Select(path => (Path: path, Text: File.ReadAllText(path)))
            .ToImmutableSortedDictionary(
                file => file.Path, file => FrozenText.Of(file.Text, isSecret(file.Path, file.Text)), StringComparer.Ordinal);
        var overlay = plan.Scenarios.Select(row => row.Deployment.Overlay).FirstOrDefault() ?? GraphOverlay.None;
        var environments = plan.Scenarios.Select(row => row.Deployment).Where(deployment => !deployment.EnvironmentOf.IsEmpty)
            .DistinctBy(deployment => deployment.Name, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(deployment => deployment.Name, Frozen, StringComparer.Ordinal);
        var written = new Written(plan, Frozen(overlay), manifests) { Environments = environments.IsEmpty ? null : environments };
        RunFolder.WriteAtomically(Path.Combine(runFolder, Name), JsonSerializer.Serialize(written, Form(vocabulary)) + "\n");
    }

    /// <summary>Whether a run has a plan; one that an older version made has none.</summary>
    public static bool IsIn(string runFolder) => File.Exists(Path.Combine(runFolder, Name));

    /// <summary>The plan of a run.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="vocabulary">The kinds of fault, and what is needed to read the scenarios file again.</param>
    /// <exception cref="FaultMatrixException">FT0709: there is none, or it cannot be read. FT0121: it hides secrets of a file that was
    /// changed.</exception>
    public static RunPlan Read(string runFolder, ScenarioVocabulary vocabulary)
    {
        var path = Path.Combine(runFolder, Name);
        Written written;
        try
        {
            written = JsonSerializer.Deserialize<Written>(File.ReadAllText(path), Form(vocabulary)) ?? throw new JsonException("is null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultMatrixException(
                Unreadable,
                $"run '{Path.GetFileName(runFolder)}' has no {Name}, as one that an older version made: it cannot be gone on with. "
                + "Begin a new run; ./build.sh Teardown removes what this one left", e) { File = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            throw new FaultMatrixException(
                Unreadable, $"the plan of run '{Path.GetFileName(runFolder)}' cannot be read: {ForeignText.Line(e.Message)}", e)
            {
                File = path,
            };
        }

        return Thawed(written, vocabulary);
    }

    private static RunPlan Thawed(Written written, ScenarioVocabulary vocabulary)
    {
        var overlay = Overlay(written, vocabulary);
        var texts = written.Manifests.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Thaw(() => TextOf(pair.Key), $"the manifest '{pair.Key}'"),
            StringComparer.Ordinal);
        var environments = Environments(written, vocabulary);
        return written.Plan with
        {
            Scenarios =
            [
                .. written.Plan.Scenarios.Select(row => row with
                {
                    Deployment = row.Deployment with
                    {
                        Overlay = overlay,
                        EnvironmentOf = environments.GetValueOrDefault(row.Deployment.Name, row.Deployment.EnvironmentOf),
                        ManifestText = texts.GetValueOrDefault(row.Deployment.Manifest),
                    },
                }),
            ],
        };
    }

    private static GraphOverlay Overlay(Written written, ScenarioVocabulary vocabulary)
    {
        var text = written.Overlay.Thaw(
            () => OverlayText(Current(written.Plan, vocabulary)),
            $"the profile '{written.Plan.Profile}' of {written.Plan.ScenariosFile}");
        return JsonSerializer.Deserialize<GraphOverlay>(text) ?? GraphOverlay.None;
    }

    private static Dictionary<string, ServiceVariables> Environments(Written written, ScenarioVocabulary vocabulary) =>
        (written.Environments ?? ImmutableSortedDictionary<string, FrozenText>.Empty).ToDictionary(
            pair => pair.Key,
            pair => JsonSerializer.Deserialize<ServiceVariables>(pair.Value.Thaw(
                () => Rows(written.Plan, vocabulary).FirstOrDefault(row => row.Deployment.Name == pair.Key) is { } row
                    ? JsonSerializer.Serialize(row.Deployment.EnvironmentOf) : "",
                $"the deployment '{pair.Key}' of {written.Plan.ScenariosFile}"))!,
            StringComparer.Ordinal);

    // Asked only where the profile holds a secret, which the plan does not repeat.
    private static GraphOverlay Current(RunPlan plan, ScenarioVocabulary vocabulary) =>
        Rows(plan, vocabulary).Select(row => row.Deployment.Overlay).FirstOrDefault() ?? GraphOverlay.None;

    private static ImmutableArray<Scenario> Rows(RunPlan plan, ScenarioVocabulary vocabulary)
    {
        try
        {
            return ScenarioFile.Load(plan.ScenariosFile, new ScenarioOptions
            {
                Profile = plan.Profile,
                CheckManifests = false,
                Vocabulary = vocabulary,
            }).All;
        }
        catch (ScenarioFileException)
        {
            return [];
        }
    }

    private static FrozenText Frozen(GraphOverlay overlay) => FrozenText.Of(
        OverlayText(overlay),
        overlay.Environment.Any(pair => SecretNodes.IsSecret(pair.Key, pair.Value)) || overlay.Services.Values.Any(SecretNodes.IsIn));

    private static FrozenText Frozen(Deployment deployment) => FrozenText.Of(
        JsonSerializer.Serialize(deployment.EnvironmentOf),
        deployment.EnvironmentOf.Values.SelectMany(variables => variables).Any(pair => SecretNodes.IsSecret(pair.Key, pair.Value)));

    private static string OverlayText(GraphOverlay overlay) => JsonSerializer.Serialize(overlay);

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static JsonSerializerOptions Form(ScenarioVocabulary vocabulary) => new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // What is null is not written, so what may be null need not be there.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NullableIsOptional } },
        Converters = { new FaultJson(vocabulary), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static void NullableIsOptional(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AssociatedParameter?.IsNullable == true
            || Nullable.GetUnderlyingType(property.PropertyType) is not null))
        {
            property.IsRequired = false;
        }
    }

    /// <summary>What the file holds.</summary>
    private sealed record Written(RunPlan Plan, FrozenText Overlay, ImmutableSortedDictionary<string, FrozenText> Manifests)
    {
        /// <summary>Variables that deployments give to services, by deployment.</summary>
        public ImmutableSortedDictionary<string, FrozenText>? Environments { get; init; }
    }
}
