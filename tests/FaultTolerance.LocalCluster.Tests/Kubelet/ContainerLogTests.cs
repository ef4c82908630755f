using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using FaultTolerance.LocalCluster.Kubelet;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

public sealed class ContainerLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lc-log-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static LogRequest All => new(null, false, false, null, null, null, false);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Request_filters_by_tail_bytes_and_time_and_stamps()
    {
        using var log = await FilledAsync(1 << 20, "one\ntwo\n", "three\n");
        Assert.Equal("one\ntwo\nthree\n", await ReadAsync(log, All));
        Assert.Equal("two\nthree\n", await ReadAsync(log, All with { TailLines = 2 }));
        Assert.Equal("", await ReadAsync(log, All with { TailLines = 0 }));
        Assert.Equal("one\nt", await ReadAsync(log, All with { LimitBytes = 5 }));
        Assert.Equal("three\n", await ReadAsync(log, All with { Since = _time.GetUtcNow().AddSeconds(-0.5) }));
        Assert.Equal("2026-01-02T03:04:06.0000000Z three\n", await ReadAsync(log, All with { TailLines = 1, Timestamps = true }));
    }

    [Fact]
    public async Task Log_beyond_its_size_keeps_the_newest_lines_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i}\n")));
        using var log = await FilledAsync(8 * 1024, [.. text.Chunk(500).Select(c => new string(c))]);
        var kept = await ReadAsync(log, All);
        Assert.EndsWith("line 1998\nline 1999\n", kept, StringComparison.Ordinal);
        Assert.StartsWith("line ", kept, StringComparison.Ordinal);
        Assert.True(Directory.EnumerateFiles(_folder).Sum(f => new FileInfo(f).Length) <= 2 * 8 * 1024);
    }

    [Fact]
    public async Task Line_without_end_and_over_long_line_come_out_as_they_went_in()
    {
        var text = new string('x', 40_000) + "\nrest";
        using var log = await FilledAsync(1 << 20, text);
        Assert.Equal(text, await ReadAsync(log, All));
    }

    [Fact]
    public async Task Follow_gets_what_is_written_later_and_ends_with_the_instance()
    {
        using var log = new ContainerLog(Path.Combine(_folder, "0.log"), 1 << 20, _time);
        var pipe = new Pipe();
        var pump = log.PumpAsync(pipe.Reader.AsStream(), "stdout");
        var read = ReadAsync(log, All with { Follow = true });
        await pipe.Writer.WriteAsync("a\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync("b\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.False(read.IsCompleted);
        await pipe.Writer.CompleteAsync();
        await pump;
        log.Complete();
        Assert.Equal("a\nb\n", await read);
    }

    private static async Task<string> ReadAsync(ContainerLog log, LogRequest request)
    {
        var text = new MemoryStream();
        await ContainerLogReader.WriteAsync(log, request, text, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private async Task<ContainerLog> FilledAsync(long size, params string[] chunks)
    {
        var log = new ContainerLog(Path.Combine(_folder, "0.log"), size, _time);
        await log.PumpAsync(new Chunks(chunks, _time), "stdout");
        log.Complete();
        return log;
    }

    private sealed class Chunks(string[] chunks, FakeTimeProvider time) : MemoryStream
    {
        private readonly Queue<byte[]> _left = new(chunks.Select(Encoding.UTF8.GetBytes));
        private bool _first = true;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_left.TryPeek(out var next))
            {
                return ValueTask.FromResult(0);
            }

            time.Advance(TimeSpan.FromSeconds(_first || chunks.Length > 2 ? 0 : 1));
            _first = false;
            var count = Math.Min(buffer.Length, next.Length);
            next.AsMemory(0, count).CopyTo(buffer);
            _left.Dequeue();
            if (count < next.Length)
            {
                var rest = _left.ToArray();
                _left.Clear();
                _left.Enqueue(next[count..]);
                foreach (var r in rest)
                {
                    _left.Enqueue(r);
                }
            }

            return ValueTask.FromResult(count);
        }
    }
}
