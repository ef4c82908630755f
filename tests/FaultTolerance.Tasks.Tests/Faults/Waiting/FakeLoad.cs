using FaultTolerance.Faults.Waiting;

namespace FaultTolerance.Tests.Faults.Waiting;

/// <summary>A load as faults see it, moved by a test: it tells how often it was looked at.</summary>
internal sealed class FakeLoad : ILoadEyes, IDisposable
{
    private readonly SemaphoreSlim _looks = new(0);
    private volatile bool _there;
    private volatile bool _ended;

    /// <inheritdoc/>
    public long Failed => _there ? 1 : 0;

    /// <inheritdoc/>
    public double Done => _there ? 0.5 : 0.4;

    /// <inheritdoc/>
    public bool IsSteady => _there;

    /// <inheritdoc/>
    public bool HasEnded
    {
        get
        {
            _looks.Release();
            return _ended;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _looks.Dispose();

    /// <summary>What is waited for is there.</summary>
    public void Come() => _there = true;

    /// <summary>The load has ended.</summary>
    public void End() => _ended = true;

    /// <summary>Waits until it was looked at so often.</summary>
    public async Task SeenAsync(int times, CancellationToken cancellation)
    {
        for (var i = 0; i < times; i++)
        {
            await _looks.WaitAsync(cancellation);
        }
    }
}
