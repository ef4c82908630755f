using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace FaultTolerance.Cluster.Sharing;

/// <summary>
/// A run's hold on a namespace, so that two runs do not spoil each other: a Lease (coordination.k8s.io/v1) that is renewed until it is
/// disposed, deleted then, and free for others when its holder was killed.
/// </summary>
internal sealed class NamespaceLease : IAsyncDisposable
{
    /// <summary>The Lease's name.</summary>
    public const string Name = "faultmatrix";

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(8);
    private const int Attempts = 10;
    private const int LooksBetweenWords = 10;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ClusterSession _session;
    private readonly LeaseHolder _holder;
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<string?>? _changed;
    private readonly Task _renewing;

    private NamespaceLease(ClusterSession session, LeaseHolder holder, Action<string?>? changed)
    {
        (_session, _holder, _changed) = (session, holder, changed);
        _renewing = RenewAsync();
    }

    /// <summary>Who took it from us, or null: then the run's rows from that time on may be spoiled.</summary>
    public string? LostTo { get; private set; }

    /// <summary>Why it is not held at this time, in words that follow "the lease"; null while it is.</summary>
    public string? Loss { get; private set; }

    /// <summary>Takes the namespace.</summary>
    /// <param name="session">The connection; must outlive the lease.</param>
    /// <param name="holder">Who takes it.</param>
    /// <param name="wait">Wait for another holder to end instead of refusing.</param>
    /// <param name="waiting">Told of what is waited for, and every ten seconds again.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="changed">Told why it was lost, once, and null when it is held again after all.</param>
    /// <exception cref="ClusterException">FT0315: somebody else holds it.</exception>
    public static async Task<NamespaceLease> AcquireAsync(
        ClusterSession session,
        LeaseHolder holder,
        bool wait,
        Action<string> waiting,
        CancellationToken cancellation,
        Action<string?>? changed = null
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(holder);
        ArgumentNullException.ThrowIfNull(waiting);
        var attempts = 0;
        while (true)
        {
            var there = await WhenFreeAsync(session, other => other.Identity == holder.Identity, wait, waiting, cancellation);
            try
            {
                if (await TryTakeAsync(session, holder, there, cancellation))
                {
                    return new NamespaceLease(session, holder, changed);
                }
            }
            catch (ClusterException e) when (e.IsTransient && ++attempts < Attempts)
            {
                // Whether it was taken nobody knows; the next look tells, as the holder's name is unique.
                await Task.Delay(Look, session.Time, cancellation);
            }
        }
    }

    /// <summary>Refuses, or waits, while somebody else holds the namespace. Whose holder has ended, that lease is taken away.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="wait">Wait for another holder to end instead of refusing.</param>
    /// <param name="waiting">Told of what is waited for, and every ten seconds again.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusterException">FT0315: somebody else holds it.</exception>
    public static async Task RefuseOthersAsync(ClusterSession session, bool wait, Action<string> waiting, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(waiting);
        if (await WhenFreeAsync(session, other => other.IsOfThisBuild(), wait, waiting, cancellation) is { } there
            && LeaseHolder.Of(there)?.IsOfThisBuild() == false && there["metadata"]!["uid"] is JsonValue uid)
        {
            await session.DeleteAsync(ResourceType.Leases, Name, new Deletion(Uid: uid.GetValue<string>()), cancellation);
        }
    }

    // The lease as it stands once nobody else holds it; null where there is none.
    private static async Task<JsonObject?> WhenFreeAsync(
        ClusterSession session, Func<LeaseHolder, bool> isOurs, bool wait, Action<string> waiting, CancellationToken cancellation)
    {
        Sighting? seen = null;
        while (true)
        {
            var there = await session.FindAsync<JsonObject>(ResourceType.Leases, Name, cancellation);
            var other = there is null ? null : LeaseHolder.Of(there);
            if (other is null || isOurs(other) || other.HasEnded() || (seen = Sighting.Of(there!, seen, session.Time)).IsStale(Duration))
            {
                return there;
            }

            // A lease that looks expired may be one whose holder's clock is wrong: only watching tells.
            if (!wait && !seen.LooksExpired(Duration))
            {
                throw new ClusterException(
                    "FT0315",
                    $"namespace '{session.Namespace}' is in use by {other.Identity}; --wait waits for its end, and another --namespace needs no waiting"
                );
            }

            if (seen.Looks % LooksBetweenWords == 1)
            {
                waiting(
                    $"Namespace '{session.Namespace}' is in use by {other.Identity}; waiting for {(wait ? "its end" : "a sign of life")}."
                );
            }

            await Task.Delay(Look, session.Time, cancellation);
        }
    }

    /// <summary>Renews it no more and asks the cluster nothing, for one that ends with its holder. Instead of disposing it.</summary>
    public async Task StopAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
    }

    /// <summary>Gives the namespace back.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), _session.Time);
        try
        {
            if (
                await _session.FindAsync<JsonObject>(ResourceType.Leases, Name, limit.Token) is { } there
                && LeaseHolder.Of(there)?.Identity == _holder.Identity
            )
            {
                await _session.DeleteAsync(
                    ResourceType.Leases,
                    Name,
                    new Deletion(Uid: there["metadata"]!["uid"]?.GetValue<string>()),
                    limit.Token
                );
            }
        }
        catch (Exception e) when (e is ClusterException or OperationCanceledException)
        {
            // It expires by itself.
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Renewal, _session.Time);
        var last = _session.Time.GetTimestamp();
        try
        {
            while (LostTo is null && await timer.WaitForNextTickAsync(_ended.Token))
            {
                // An attempt that takes longer than the next one is a failed one: what counts is when the lease runs out.
                using var limit = new CancellationTokenSource(Renewal, _session.Time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, limit.Token);
                var why = "the cluster did not answer";
                try
                {
                    if (await RenewOnceAsync(Ran(last), both.Token))
                    {
                        last = _session.Time.GetTimestamp();
                        Tell(null);
                        continue;
                    }
                }
                catch (ClusterException e)
                {
                    why = $"{e.Code}: {e.Message}";
                }
                catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
                {
                    // Told below, where it has lasted long enough.
                }

                if (LostTo is null && Ran(last))
                {
                    Tell($"could not be renewed for {Duration.TotalSeconds:0} s ({why})");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    // Another may have taken it, and given it back, once it had run out.
    private async Task<bool> RenewOnceAsync(bool ranOut, CancellationToken cancellation)
    {
        var there = await _session.FindAsync<JsonObject>(ResourceType.Leases, Name, cancellation);
        var holder = there is null ? null : LeaseHolder.Of(there);
        if (holder?.Identity == _holder.Identity || (there is null && !ranOut))
        {
            return await TryTakeAsync(_session, _holder, there, cancellation);
        }

        LostTo = holder?.Identity ?? "somebody who has removed it";
        Tell($"was taken by {LostTo}");
        return false;
    }

    private bool Ran(long last) => _session.Time.GetElapsedTime(last) > Duration;

    private void Tell(string? loss)
    {
        var told = Loss;
        Loss = loss;
        if (told is null != loss is null)
        {
            _changed?.Invoke(loss);
        }
    }

    // Creates it, or replaces what was read; false when somebody was quicker.
    private static async Task<bool> TryTakeAsync(
        ClusterSession session,
        LeaseHolder holder,
        JsonObject? there,
        CancellationToken cancellation
    )
    {
        var now = session.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var renewed = there is not null && LeaseHolder.Of(there)?.Identity == holder.Identity;
        var body = new JsonObject
        {
            ["apiVersion"] = ResourceType.Leases.ApiVersion,
            ["kind"] = ResourceType.Leases.Kind,
            ["metadata"] = new JsonObject { ["name"] = Name, ["annotations"] = holder.Annotations() },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = holder.Identity,
                ["leaseDurationSeconds"] = (int)Duration.TotalSeconds,
                ["acquireTime"] = renewed ? there!["spec"]?["acquireTime"]?.DeepClone() : now,
                ["renewTime"] = now,
            },
        };
        try
        {
            if (there is null)
            {
                await session.CreateAsync(ResourceType.Leases, body, cancellation);
            }
            else
            {
                body["metadata"]!["resourceVersion"] = there["metadata"]!["resourceVersion"]?.DeepClone();
                await session.ReplaceAsync(ResourceType.Leases, body, cancellation);
            }

            return true;
        }
        catch (ClusterException e) when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>A lease as it was seen: what counts is how long it stays unrenewed by our own clock, whatever the holder's says.</summary>
    private sealed record Sighting(string Holder, string Renewed, long Since, int Looks, TimeProvider Time)
    {
        public static Sighting Of(JsonObject lease, Sighting? before, TimeProvider time)
        {
            var holder = LeaseHolder.Of(lease)!.Identity;
            var renewed = (lease["spec"] as JsonObject)?["renewTime"]?.ToString() ?? "";
            return before is null || before.Holder != holder ? new Sighting(holder, renewed, time.GetTimestamp(), 1, time)
                : before.Renewed == renewed ? before with { Looks = before.Looks + 1 }
                : before with { Renewed = renewed, Since = time.GetTimestamp(), Looks = before.Looks + 1 };
        }

        public bool LooksExpired(TimeSpan duration) =>
            !DateTimeOffset.TryParse(Renewed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            || (Time.GetUtcNow() - at).Duration() > duration;

        // One that looks expired need not be watched for all of its duration: two renewals have to be missed.
        public bool IsStale(TimeSpan duration) => Time.GetElapsedTime(Since) > (LooksExpired(duration) ? 2 * Renewal : duration);
    }
}
