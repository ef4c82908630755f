using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Clients;
using FaultTolerance.Load.Health;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Recording;
using FaultTolerance.Load.Recovery;
using FaultTolerance.Load.Stopping;
using FaultTolerance.Load.Work;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load;

/// <summary>What all parts of one load share.</summary>
internal sealed class LoadContext(
    LoadSpec spec, string model, IFrontendTransport transport, RunClock clock, ClientLogs logs, LoadOptions options, IWork? work = null)
    : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<DateTimeOffset> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _reason;

    /// <summary>What is asked of the load.</summary>
    public LoadSpec Spec { get; } = spec;

    /// <summary>What requests ask, where they do not all ask the same; else null.</summary>
    public IWork? Work { get; } = work;

    /// <summary>The model that requests name.</summary>
    public string Model { get; } = model;

    /// <summary>The way to the frontends.</summary>
    public IFrontendTransport Transport { get; } = transport;

    /// <summary>The run's clock.</summary>
    public RunClock Clock { get; } = clock;

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; } = clock.Time;

    /// <summary>The clients' logs.</summary>
    public ClientLogs Logs { get; } = logs;

    /// <summary>How it is sent.</summary>
    public LoadOptions Options { get; } = options;

    /// <summary>Longest body taken, bytes.</summary>
    public int MostBytes { get; } = options.MaxBodyBytes
        ?? (1024 * 1024) + (int)Math.Min(256L * 1024 * 1024, 4096L * (work?.MostOutputTokens ?? spec.OutputTokens));

    /// <summary>The clients that this process stands for.</summary>
    public ClientShare Share { get; } = options.Share ?? new(0, spec.Clients);

    /// <summary>Counts what became of each request.</summary>
    public LoadBooks Books { get; } = new((options.Share ?? new(0, spec.Clients)).Planned(spec));

    /// <summary>Watches the generator itself.</summary>
    public HealthMonitor Health { get; } = new(clock.Time);

    /// <summary>Tells when the service is steady again; null where the load does not wait for that.</summary>
    public ISteadyState? Steady { get; } = spec.UntilRecovered is null && !options.WatchSteady ? null
        : options.SteadyState ?? new FaultFreeBand(spec.WarmUp);

    /// <summary>Looks at its limits; null where it has none.</summary>
    public StopWatch? Watch { get; } = spec.StopWhen is { } limits ? new(limits, clock.Time.TimestampFrequency) : null;

    /// <summary>Seconds from the load's start to each client's first request; empty where arrivals are random.</summary>
    public ImmutableArray<double> Starts { get; } = options.Spread ? ClientStarts.Of(spec) : [.. new double[spec.Clients]];

    /// <summary>The connections of all clients, where they share them; else null.</summary>
    public ClientConnections? Shared { get; } = spec.Reuse == Reuse.Own ? null : new(transport, 0, spec.Api, spec.Reuse);

    /// <summary>The connections of a client: its own, which it disposes of, or those of all.</summary>
    public ClientConnections ConnectionsOf(int client) => Shared ?? new ClientConnections(Transport, client, Spec.Api);

    /// <summary>The load is to end: nothing more is sent, and what is under way is cancelled.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Why it is to end.</summary>
    public string Reason => Volatile.Read(ref _reason) ?? "the load was stopped";

    /// <summary>Instant of the first attempt.</summary>
    public Task<DateTimeOffset> First => _first.Task;

    /// <summary>The same, or null before it.</summary>
    public DateTimeOffset? FirstAt { get; private set; }

    /// <summary>Ends the load; the first reason stays.</summary>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        // The callbacks end connections, thousands perhaps; whoever stops the load need not wait for that.
        _ = _stop.CancelAsync();
    }

    /// <summary>Notes that an attempt begins.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request's number within the client.</param>
    /// <param name="timestamp">When, in ticks of the run's clock.</param>
    public void Sending(int client, long request, long timestamp)
    {
        Steady?.Sent(client, request, Clock.At(timestamp));
        if (!_first.Task.IsCompleted)
        {
            FirstAt ??= Clock.At(timestamp);
            _first.TrySetResult(FirstAt.Value);
        }
    }

    /// <summary>No request was ever sent.</summary>
    public void NothingSent() => _first.TrySetCanceled();

    /// <summary>Enters a request into the log, and into what judges the service.</summary>
    public void Record(int client, RequestRecord request)
    {
        Mask(request);
        try
        {
            Logs[client].Append(request);
        }
        catch (IOException e)
        {
            Logs.Fail(e);
        }

        if (request.Count > 0 && Watch is { } watch)
        {
            var last = request[request.Count - 1];
            watch.Ended(
                last.Ended, request.Outcome.TellsOfService() ? request.Outcome == Outcome.Ok : null, last.Ended - last.Started,
                last.FirstToken == AttemptRecord.Never ? null : last.FirstToken - last.Started);
        }

        if (request.Count > 0 && Steady is { } steady)
        {
            var last = request[request.Count - 1];
            var broke = last is { Tokens: > 0 } or { Events: > 0 }
                && request.Outcome is not (Outcome.Ok or Outcome.Stalled or Outcome.Deadline);
            steady.Ended(new(client, request.Number, Clock.At(last.Started), Clock.At(last.Ended), request.Outcome, broke));
        }
    }

    // What a service says may repeat its key.
    private void Mask(RequestRecord request)
    {
        if (ReferenceEquals(Options.Headers, RequestHeaders.None))
        {
            return;
        }

        for (var i = 0; i < request.Count; i++)
        {
            Options.Headers.Hide(request[i].Result);
            Options.Headers.HidePieces(request[i].Pieces);
            request[i].Error = request[i].Error is { } error ? Options.Headers.Hide(error) : null;
        }
    }

    /// <summary>Records a request that never goes out.</summary>
    public void RecordUnsent(int client, RequestRecord request, Outcome outcome, string reason)
    {
        request.Outcome = outcome;
        request.Reason = reason;
        request.Ended = Time.GetTimestamp();
        Books.NotSent(outcome);
        Record(client, request);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Shared?.Dispose();
        _stop.Dispose();
    }
}
