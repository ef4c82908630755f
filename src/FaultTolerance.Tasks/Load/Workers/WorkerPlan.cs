using System.Text.Json;
using System.Text.Json.Serialization;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Workers;

/// <summary>What a worker is told before it starts: a file, beside those that the load reads.</summary>
internal sealed record WorkerPlan
{
    /// <summary>Its file's name.</summary>
    public const string FileName = "plan.json";

    /// <summary>Name of the file of the prompts.</summary>
    public const string PromptsName = "prompts";

    /// <summary>Name of the file of the trace.</summary>
    public const string TraceName = "trace";

    private static readonly JsonSerializerOptions Form = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The whole load, of all workers.</summary>
    public required LoadSpec Load { get; init; }

    /// <summary>The model's name in the requests.</summary>
    public required string Model { get; init; }

    /// <summary>How many workers share it.</summary>
    public required int Workers { get; init; }

    /// <summary>What a runner has to know to be answered.</summary>
    public required string Token { get; init; }

    /// <summary>Whether the runner judges the requests of all workers while they run, and has to know what is under way.</summary>
    public bool IsWatched { get; init; }

    /// <summary>How long a worker goes on of which no runner asks anything.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The load of one worker: of what may be outstanding at once its share, files where they lie. What is judged of all clients together
    /// is the runner's.
    /// </summary>
    /// <param name="folder">The folder of the plan.</param>
    public LoadSpec LoadIn(string folder) => Load with
    {
        UntilRecovered = null,
        StopWhen = null,
        MaxOutstanding = (Load.MaxOutstanding + Workers - 1) / Workers,
        Prompts = Load.Prompts is { } prompts ? prompts with { Path = Path.Combine(folder, PromptsName) } : null,
        Trace = Load.Trace is { } trace ? trace with { File = trace.File with { Path = Path.Combine(folder, TraceName) } } : null,
    };

    /// <summary>The files that the load reads, by the names that they have beside the plan.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, WorkFile File)> Files
    {
        get
        {
            if (Load.Prompts is { } prompts)
            {
                yield return (PromptsName, prompts);
            }

            if (Load.Trace is { } trace)
            {
                yield return (TraceName, trace.File);
            }
        }
    }

    /// <summary>As text.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static WorkerPlan Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<WorkerPlan>(json, Form) ?? throw new JsonException("is null");
}
