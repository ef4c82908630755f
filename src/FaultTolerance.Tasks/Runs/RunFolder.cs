using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;

namespace FaultTolerance.Runs;

/// <summary>The folder of one run, <c>results/{run}</c>, with its <c>run.json</c>. A run never overwrites another.</summary>
internal sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunFolder(string path, RunManifest manifest)
    {
        Path = path;
        Manifest = manifest;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What run.json says.</summary>
    public RunManifest Manifest { get; }

    /// <summary>Makes the id of a run: UTC start and four random hex digits.</summary>
    public static string NewId(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return string.Create(
            CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
    }

    /// <summary>
    /// Makes the folder and its run.json. FT0701 when the results folder cannot be written, FT0702 when the run is there already.
    /// </summary>
    /// <param name="results">The folder of all runs.</param>
    /// <param name="manifest">What run.json is to say.</param>
    /// <param name="shared">Whether others of this machine may read the run; else only its owner.</param>
    public static RunFolder Create(string results, RunManifest manifest, bool shared = false)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var path = System.IO.Path.Combine(results, manifest.Id);
        if (Directory.Exists(path))
        {
            throw new FaultMatrixException(
                "FT0702",
                $"The run {manifest.Id} exists already in {results}; a run never overwrites another. Name another with --run."
            );
        }

        try
        {
            ResultAccess.CreateRun(path, shared);
            WriteAtomically(System.IO.Path.Combine(path, "run.json"), manifest.ToJson().ToJsonString(Indented) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException(
                "FT0701",
                $"The results folder {results} cannot be written: {e.Message} Name another with --results.",
                e
            );
        }

        return new RunFolder(path, manifest);
    }

    /// <summary>Opens a run's folder. FT0703 when its run.json is missing or does not parse.</summary>
    public static RunFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, "run.json");
        try
        {
            return new RunFolder(path, RunManifest.FromJson(JsonNode.Parse(System.IO.File.ReadAllText(file))!.AsObject()));
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or InvalidOperationException
                        or NullReferenceException
                        or FormatException
                        or ArgumentNullException
            )
        {
            throw new FaultMatrixException("FT0703", $"{file} cannot be read as a run's description: {e.Message}", e) { File = file };
        }
    }

    /// <summary>
    /// The latest run in a results folder (by id, which begins with its start), optionally one with a scenario's folder; or null.
    /// </summary>
    public static string? FindLatest(string results, string? scenario = null) =>
        !Directory.Exists(results)
            ? null
            : Directory.EnumerateDirectories(results)
                .Where(path => System.IO.File.Exists(System.IO.Path.Combine(path, "run.json")))
                .Where(path => scenario is null || Directory.Exists(ScenarioFolder.In(path, scenario).Path))
                .OrderByDescending(System.IO.Path.GetFileName, StringComparer.Ordinal)
                .FirstOrDefault();

    /// <summary>
    /// The run's clock. Another boot or another machine has other ticks: then the wall clock anchors anew, and stamps of before and
    /// after are only as comparable as the wall clock is.
    /// </summary>
    public RunClock Clock(TimeProvider time) =>
        Manifest.BootId == CurrentBootId() && Manifest.TimestampFrequency == time.TimestampFrequency
            ? new RunClock(time, Manifest.Anchor)
            : RunClock.Start(time);

    /// <summary>The id of the present boot, where the system tells one.</summary>
    public static string CurrentBootId()
    {
        const string File = "/proc/sys/kernel/random/boot_id";
        return System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Trim() : "";
    }

    /// <summary>The folder of one of its scenarios.</summary>
    public ScenarioFolder Scenario(string name) => ScenarioFolder.In(Path, name);

    /// <summary>
    /// Notes in run.json what the parser found that a run met. A folder without a run.json, or with one that cannot be read, stays as it
    /// is:
    /// the tables do not need it.
    /// </summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="met">What was met; null for nothing.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void NoteMet(string path, JsonObject? met)
    {
        var file = System.IO.Path.Combine(path, "run.json");
        if (!System.IO.File.Exists(file))
        {
            return;
        }

        JsonObject? json;
        try
        {
            json = JsonNode.Parse(System.IO.File.ReadAllText(file)) as JsonObject;
        }
        catch (JsonException)
        {
            return;
        }

        if (json is not null && !JsonNode.DeepEquals(json["met"], met))
        {
            json.Remove("met");
            if (met is not null)
            {
                json["met"] = met;
            }

            WriteAtomically(file, json.ToJsonString(Indented) + "\n");
        }
    }

    /// <summary>Writes beside the target and moves, so that nobody reads half a file.</summary>
    public static void WriteAtomically(string path, string text) => AtomicFile.WriteText(path, text, ResultAccess.FileMode(path));
}
