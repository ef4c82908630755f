using FaultTolerance.Graphs.Pods;
using FaultTolerance.Graphs.Transport;

namespace FaultTolerance.Faults.Removal;

/// <summary>
/// Whether a deleted pod serves no more, where the line that was held into it stands because nobody is left to end it: the end of a process
/// is one packet, and it is lost when the pod's network goes first. A second line was asked before the order, and answered. It is asked
/// again: no answer, no new connection, and an answer of another pod of the same node by the same way prove it. A stopped kubelet ends no
/// pod, which then answers; a way that is broken carries no other pod's answer either; and a pod that merely hangs still takes connections
/// to its address.
/// </summary>
internal sealed class PodSilence : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);
    private readonly FaultContext _context;
    private readonly GraphPod _pod;
    private readonly PodLine? _asked;

    private PodSilence(FaultContext context, GraphPod pod, PodLine? asked)
    {
        (_context, _pod, _asked) = (context, pod, asked);
        State = asked is null ? ", and it has never answered" : "";
    }

    /// <summary>What is known of the line that stands, in words that follow it; empty before it was asked.</summary>
    public string State { get; private set; }

    /// <summary>Asks for the first time, by the way that <paramref name="held"/> goes: within two seconds, before the order.</summary>
    public static async Task<PodSilence> BeginAsync(FaultContext context, GraphPod pod, PodLine held, CancellationToken cancellation)
    {
        if (held.Way is not { } way)
        {
            return new PodSilence(context, pod, null);
        }

        var asked = await PodLine.OpenAsync(context.Session, pod, cancellation, way);
        if (await IsAnsweringAsync(context, asked, pod, FirstPatience, cancellation))
        {
            return new PodSilence(context, pod, asked);
        }

        await asked.DisposeAsync();
        return new PodSilence(context, pod, null);
    }

    /// <summary>Asks until it is proven that nobody answers; the time is that of the question.</summary>
    /// <exception cref="IOException">It cannot be asked, or the line that is asked broke on the way: nothing can be seen by it.</exception>
    public async Task<Landing> WaitAsync(CancellationToken cancellation)
    {
        if (_asked is null)
        {
            throw new IOException("it has never answered");
        }

        while (true)
        {
            var at = _context.Timeline.Clock.Now;
            State = await AskAsync(_context, _asked, _pod, Patience, cancellation) switch
            {
                true => " and answers",
                // The server has ended it after an answer: from here on it tells nothing.
                false => throw new IOException("the connection that is asked was ended"),
                null => await WhyNotSilentAsync(cancellation),
            };
            if (State.Length == 0)
            {
                return new Landing(at, "a connection into it, which answered before, answers no more, while another pod of its node does");
            }

            await Task.Delay(Every, _context.Session.Time, cancellation);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _asked?.DisposeAsync() ?? ValueTask.CompletedTask;

    // Empty where nothing speaks against it.
    private async Task<string> WhyNotSilentAsync(CancellationToken cancellation)
    {
        await using (var again = await PodLine.OpenAsync(_context.Session, _pod, cancellation, _asked!.Way))
        {
            if (again.Way is not null)
            {
                return " and does not answer, but another one comes about";
            }
        }

        var node = _pod.Object.Spec.NodeName;
        foreach (var other in _context.Watch.Pods.Where(p => p.Uid != _pod.Uid && p.IsReady && p.Object.Spec.NodeName == node))
        {
            await using var line = await PodLine.OpenAsync(_context.Session, other, cancellation, _asked.Way);
            if (node is not null && await IsAnsweringAsync(_context, line, other, Patience, cancellation))
            {
                return "";
            }
        }

        return " and does not answer, but no other pod of its node answers either";
    }

    // False where the line ended without a word, null where nothing came in time.
    private static async Task<bool?> AskAsync(
        FaultContext context, PodLine line, GraphPod pod, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, context.Session.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await line.AnswersAsync(pod, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<bool> IsAnsweringAsync(
        FaultContext context, PodLine line, GraphPod pod, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(context, line, pod, patience, cancellation) == true;
        }
        catch (IOException)
        {
            // There is no line, or it broke.
            return false;
        }
    }
}
