using FaultMatrix.Build.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>The engine's folder for temporary files goes when nobody writes to it any more, and not before.</summary>
public sealed class EngineTempTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faultmatrix-engine-");

    public void Dispose()
    {
        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    // Removed before, it is made again by the worker, and left.
    [Fact]
    public async Task RemoveAsync_while_a_worker_lives_waits_for_its_end()
    {
        var lives = true;
        var removal = EngineTemp.RemoveAsync(_folder.FullName, () => lives, _time);
        _time.Advance(EngineTemp.Patience / 2);
        Assert.False(removal.IsCompleted);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("MSBuildTemp").FullName, "last.txt"), "", TestContext.Current.CancellationToken);

        lives = false;
        await UntilEndAsync(removal);

        Assert.False(Directory.Exists(_folder.FullName));
    }

    [Fact]
    public async Task RemoveAsync_of_a_worker_that_does_not_end_waits_no_longer_than_the_patience()
    {
        var since = _time.GetUtcNow();
        await UntilEndAsync(EngineTemp.RemoveAsync(_folder.FullName, () => true, _time));

        Assert.True(_time.GetUtcNow() - since >= EngineTemp.Patience);
        Assert.False(Directory.Exists(_folder.FullName));
    }

    [Fact]
    public async Task RemoveAsync_of_a_folder_that_is_gone_ends_at_once()
    {
        _folder.Delete();
        await EngineTemp.RemoveAsync(_folder.FullName, () => false, _time);
    }

    private async Task UntilEndAsync(Task removal)
    {
        while (await Task.WhenAny(removal, Task.Delay(1, TestContext.Current.CancellationToken)) != removal)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await removal;
    }
}
