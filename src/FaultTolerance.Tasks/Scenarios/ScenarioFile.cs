using System.Text.Json;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

/// <summary>Reads <c>scenarios.json</c>. Its form is described by <c>scenarios.schema.json</c>.</summary>
internal static class ScenarioFile
{
    /// <summary>The profile where nobody names one.</summary>
    public const string DefaultProfile = "quick";

    /// <summary>Reads, checks and resolves a file under one profile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Profile and overrides.</param>
    /// <returns>The matrix, and every scenario that can be asked for by name.</returns>
    /// <exception cref="ScenarioFileException">With every fault of the file at once.</exception>
    public static ScenarioCatalog Load(string path, ScenarioOptions? options = null)
    {
        var file = Path.GetFullPath(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, 0, $"cannot read the scenarios: {error.Message}");
        }

        return Parse(bytes, file, options);
    }

    /// <summary>As <see cref="Load"/>, from memory; <paramref name="file"/> names the source and anchors the manifests' paths.</summary>
    public static ScenarioCatalog Parse(byte[] utf8, string file, ScenarioOptions? options = null)
    {
        options ??= new ScenarioOptions();
        PositionedJson json;
        try
        {
            json = PositionedJson.Read(utf8);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var line = error is JsonException { LineNumber: { } number } ? (int)number + 1 : 0;
            throw Unreadable(file, line, $"not valid JSON: {error.Message.Split(" LineNumber:")[0]}");
        }

        var context = new ReadContext(file, json);
        if (json.Root is not JsonObject root)
        {
            throw Unreadable(file, 1, "the document must be a JSON object");
        }

        json.Duplicates.ForEach(path => context.Report(ScenarioCodes.DuplicateKey, path, "this key stands twice in its object"));
        return Resolve(new ObjectReader(context, root, "$"), options);
    }

    private static ScenarioCatalog Resolve(ObjectReader root, ScenarioOptions options)
    {
        var context = root.Context;
        root.Has("$schema");
        root.Has("matrix");
        var empty = new JsonObject();
        ObjectReader Section(string key)
        {
            if (!root.Has(key))
            {
                root.Fault(ScenarioCodes.Missing, "", $"'{key}' is missing", 0);
            }

            return root.Object(key) ?? new ObjectReader(context, empty, root.At(key));
        }

        var loads = LoadSection.Read(Section("loads"), options.CheckManifests);
        var profiles = ProfileSection.Read(Section("profiles"), loads.Keys);
        var wanted = options.Profile ?? root.Text("defaultProfile") ?? DefaultProfile;
        root.Has("defaultProfile");
        if (!profiles.TryGetValue(wanted, out var profile))
        {
            context.Report(
                ScenarioCodes.UnknownProfile,
                root.At("profiles"),
                $"there is no profile '{wanted}'{NearestName.Hint(wanted, profiles.Keys)}"
            );
        }

        var deployments = DeploymentSection.Read(Section("deployments"), options);
        var failures = FailureSection.Read(Section("failures"), profile?.After ?? TimeSpan.Zero, options.Vocabulary.Faults);
        var matrix = MatrixSection.Read(root, deployments.Keys, failures.Keys);
        var checks = CheckSection.Read(root, options.Vocabulary.Checks, deployments.Keys, failures.Keys, loads.Keys);
        var readyTexts = ReadyTextSection.Read(root);
        root.End();
        context.ThrowIfAny();
        return ScenarioCatalog.Build(
            context.File,
            profile!,
            deployment => options.Source?.Over(loads[profile!.LoadFor(deployment)]) ?? loads[profile!.LoadFor(deployment)],
            deployments,
            failures,
            matrix,
            checks,
            options.Vocabulary,
            readyTexts
        );
    }

    private static ScenarioFileException Unreadable(string file, int line, string message) =>
        new([new Diagnostic(ScenarioCodes.Unreadable, Severity.Error, message) { File = file, Line = line }]);
}
