using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using FaultTolerance.Runs;
using k8s;

namespace FaultTolerance.Collection;

/// <summary>
/// Saves what pods leave: <c>{Service}/{pod}.yaml</c>, <c>.log</c>, <c>.previous.log</c>, <c>.metrics.log</c>; containers other than
/// the main one as <c>{pod}.{container}.log</c>. What cannot be read is reported, never skipped.
/// </summary>
/// <param name="session">The cluster.</param>
/// <param name="folder">The scenario's folder.</param>
/// <param name="timeline">Where problems are written as <c>error</c>.</param>
internal sealed class ArtifactCollector(ClusterSession session, ScenarioFolder folder, TimelineWriter timeline)
{
    private const int Concurrency = 8;
    private const int LongestReason = 500;
    private static readonly TimeSpan MetricsLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CollectLimit = TimeSpan.FromMinutes(5);

    /// <summary>The clock of limits.</summary>
    internal TimeProvider Time => session.Time;

    /// <summary>Suffix of copies taken just before a pod is deleted.</summary>
    public const string BeforeDelete = ".before_delete";

    /// <summary>Saves everything of all the graph's pods, within five minutes; what is not saved by then is a problem.</summary>
    public async Task<IReadOnlyList<CollectionProblem>> CollectAsync(GraphWatch watch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(watch);
        using var room = new SemaphoreSlim(Concurrency);
        using var limit = new CancellationTokenSource(CollectLimit, session.Time);
        var problems = await Task.WhenAll(watch.Pods.Select(async pod =>
        {
            await room.WaitAsync(cancellation);
            try
            {
                return await CollectPodAsync(pod, "", cancellation, limit.Token);
            }
            finally
            {
                room.Release();
            }
        }));
        return [.. problems.SelectMany(p => p)];
    }

    /// <summary>Saves one pod's artefacts, with a suffix before their endings.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="suffix">Before the files' endings; empty for none.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="giveUp">A limit; what is not saved by then is a problem and no cancellation.</param>
    public async Task<IReadOnlyList<CollectionProblem>> CollectPodAsync(
        GraphPod pod, string suffix, CancellationToken cancellation, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(pod);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, giveUp);
        var token = both.Token;
        var tasks = new List<Task<CollectionProblem?>> { GuardAsync(pod, "pod", () => SaveYamlAsync(pod, suffix, token), giveUp) };
        foreach (var container in pod.Object.Spec.Containers)
        {
            var stem = container == pod.MainContainer ? $"{pod.Name}{suffix}" : $"{pod.Name}.{container.Name}{suffix}";
            var status = pod.Object.Status?.ContainerStatuses?.FirstOrDefault(s => s.Name == container.Name);
            // One that has not started has written nothing.
            if (status is { State.Waiting.Reason: "ContainerCreating" or "PodInitializing", RestartCount: 0 })
            {
                continue;
            }

            tasks.Add(
                GuardAsync(
                    pod,
                    $"log of container '{container.Name}'",
                    () => SaveLogAsync(pod, container.Name, previous: false, $"{stem}.log", token),
                    giveUp
                )
            );
            if (status is { RestartCount: > 0 } or { LastState.Terminated: not null })
            {
                tasks.Add(
                    GuardAsync(
                        pod,
                        $"previous log of container '{container.Name}'",
                        () => SaveLogAsync(pod, container.Name, previous: true, $"{stem}.previous.log", token),
                        giveUp
                    )
                );
            }
        }

        if (!pod.IsHeadless && pod.MainStatus?.State?.Running is not null)
        {
            tasks.Add(GuardAsync(pod, "metrics", () => SaveMetricsAsync(pod, $"{pod.Name}.metrics{suffix}.log", token), giveUp));
        }

        return [.. (await Task.WhenAll(tasks)).OfType<CollectionProblem>()];
    }

    /// <summary>Saves one container's log; the file's name is relative to the service's folder.</summary>
    internal async Task SaveLogAsync(GraphPod pod, string container, bool previous, string file, CancellationToken cancellation)
    {
        await using var log = await session.OpenLogAsync(pod.Name, container, previous, cancellation)
            ?? throw new FaultMatrixException("FT0706", previous ? "the cluster does not have it any more" : "the pod is gone");
        await WriteAsync(pod, file, stream => log.CopyToAsync(stream, cancellation));
    }

    /// <summary>Runs one saving; its failure becomes a problem, in the list and in the timeline.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="what">What is saved.</param>
    /// <param name="save">Saves it.</param>
    /// <param name="giveUp">A limit of the saving's; its end is a problem and no cancellation.</param>
    internal async Task<CollectionProblem?> GuardAsync(GraphPod pod, string what, Func<Task> save, CancellationToken giveUp = default)
    {
        try
        {
            await save();
            return null;
        }
        catch (Exception e) when (e is FaultMatrixException or IOException or HttpRequestException or UnauthorizedAccessException)
        {
            return Tell(pod, what, e is FaultMatrixException ? e.Message : e.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return Tell(pod, what, "given up, as it took too long");
        }
    }

    private CollectionProblem Tell(GraphPod pod, string what, string why)
    {
        var problem = new CollectionProblem(pod.Name, what, ForeignText.Line(why, LongestReason));
        timeline.Write(new ErrorNoted("FT0706", problem.ToString()));
        return problem;
    }

    private Task SaveYamlAsync(GraphPod pod, string suffix, CancellationToken cancellation)
    {
        var copy = SecretMask.Apply(pod.Object);
        (copy.ApiVersion, copy.Kind) = ("v1", "Pod");
        var text = KubernetesYaml.Serialize(copy);
        return WriteAsync(pod, $"{pod.Name}{suffix}.yaml", async stream =>
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(text.AsMemory(), cancellation);
        });
    }

    private async Task SaveMetricsAsync(GraphPod pod, string file, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(MetricsLimit, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var client = new PodMetricsClient(session);
        try
        {
            using var response = await client.OpenAsync(pod, both.Token);
            await WriteAsync(pod, file, async stream =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(both.Token);
                if (!await BoundedCopy.CopyAsync(body, stream, PodMetricsClient.MostBytes, both.Token))
                {
                    throw new TransportException(
                        Outcome.Malformed,
                        $"/metrics on port {pod.MetricsPort} answers more than {PodMetricsClient.MostBytes >> 20} MiB; what came first is kept"
                    );
                }
            });
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransportException(
                Outcome.Deadline,
                $"/metrics on port {pod.MetricsPort} did not answer within {MetricsLimit.TotalSeconds:0} s",
                e
            );
        }
    }

    /// <summary>Writes lines into a file of a pod's; its name is relative to the service's folder.</summary>
    internal Task WriteLinesAsync(GraphPod pod, string file, IEnumerable<string> lines, CancellationToken cancellation) =>
        WriteAsync(pod, file, async stream =>
        {
            await using var writer = new StreamWriter(stream);
            foreach (var line in lines)
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellation);
            }
        });

    // What was read before a failure stays: half a log says more than none.
    private async Task WriteAsync(GraphPod pod, string file, Func<Stream, Task> write)
    {
        var path = Path.Combine(folder.Service(pod.Service.Name), file);
        ResultAccess.CreateFolder(Path.GetDirectoryName(path)!);
        await using var stream = new FileStream(path, ResultAccess.NewFile(path));
        await write(stream);
    }
}

/// <summary>Something that could not be saved.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="What">What of it.</param>
/// <param name="Why">Why not.</param>
internal sealed record CollectionProblem(string Pod, string What, string Why)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What} of pod '{Pod}' could not be saved: {Why}";
}
