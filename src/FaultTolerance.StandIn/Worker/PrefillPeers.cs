using System.Collections.Immutable;
using System.Net;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>
/// The prefill workers that a decode worker knows, and its choice among those that are ready. The frontend, which watches the pods, tells
/// it which there are. When the engine core of the last one dies while its worker lives to say so, <see cref="PartnerLost"/> completes.
/// That reproduces the published rows (a killed prefill engine core costs as much as a killed decode engine, a killed prefill worker
/// nearly nothing); it is no claim about how vLLM or NIXL come to it.
/// </summary>
internal sealed class PrefillPeers(StandInSettings settings, ConsoleLog log, TimeProvider time, CancellationToken stop) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, CancellationTokenSource> _stops = [];
    private readonly TaskCompletionSource<string> _partnerLost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<WorkerLink> _links = [];
    private uint _turn;
    private volatile bool _holding;

    /// <summary>Completes with the pod's name when the only prefill engine left is lost.</summary>
    public Task<string> PartnerLost => _partnerLost.Task;

    /// <summary>Begins to hold on to the prefill engines: a decode engine that is not initialised yet has no transfers to lose.</summary>
    public void Hold() => _holding = true;

    /// <summary>Takes the addresses from a <c>peers</c> line; ends links to those no longer named.</summary>
    public void Set(string addresses)
    {
        var wanted = addresses
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => new IPEndPoint(IPAddress.Parse(text), settings.RequestPort))
            .ToHashSet();
        lock (_gate)
        {
            foreach (var gone in _stops.Keys.Where(known => !wanted.Contains(known)).ToList())
            {
                _stops.Remove(gone, out var end);
                end!.Cancel();
                _links = _links.RemoveAll(link => link.Worker.Equals(gone));
            }

            foreach (var found in wanted.Where(found => !_stops.ContainsKey(found)))
            {
                var link = new WorkerLink(found, time, static _ => { }, OnLost);
                var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
                _stops[found] = end;
                _links = _links.Add(link);
                _ = link.RunAsync(end.Token);
            }
        }
    }

    /// <summary>
    /// Has a prefill worker do the prefill. False where none is ready, and then the engine here does it. Throws
    /// <see cref="WorkerLostException"/> where the prefill worker goes in the middle of it.
    /// </summary>
    public async Task<bool> TryPrefillAsync(GenerateCommand command, CancellationToken cancellation)
    {
        var ready = _links.Where(link => link.Ready is { Role: WorkerRole.Prefill }).ToList();
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0; i < ready.Count; i++)
        {
            if (ready[(int)((first + i) % ready.Count)].Client is not { } client)
            {
                continue;
            }

            try
            {
                await foreach (
                    var _ in client.GenerateAsync(
                        command with
                        {
                            Mode = GenerateMode.Prefill,
                            Stream = false,
                            Acknowledge = false,
                        },
                        cancellation
                    )
                )
                {
                    // A prefill gives no tokens; its end is the answer.
                }

                return true;
            }
            catch (WorkerLostException lost) when (!lost.Sent)
            {
                // Nothing was sent: the next one, or this engine, can have it.
            }
        }

        return false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var end in _stops.Values)
            {
                end.Cancel();
                end.Dispose();
            }

            _stops.Clear();
        }
    }

    private void OnLost(WorkerLink link, ReadyNotice was, LinkLoss loss)
    {
        log.Warn("dynamo.vllm.prefill", $"prefill worker {was.Pod} lost ({loss})");
        if (_holding && loss == LinkLoss.EngineDead && !_links.Any(other => other != link && other.Ready is not null))
        {
            _partnerLost.TrySetResult(was.Pod);
        }
    }
}
