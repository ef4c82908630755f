using System.Globalization;
using System.Text;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>Answers a request for a log: whole lines out of the CRI format, filtered, as far as they were asked for.</summary>
internal static class ContainerLogReader
{
    /// <summary>Writes what was asked for; with Follow, until the instance ends.</summary>
    public static async Task WriteAsync(ContainerLog log, LogRequest request, Stream destination, CancellationToken cancellation)
    {
        var left = request.LimitBytes ?? long.MaxValue;
        var skip = request.TailLines is { } tail ? await CountAsync(log, request, cancellation) - tail : 0;
        await foreach (var line in LinesAsync(log, request.Follow, cancellation))
        {
            if (!IsWanted(line.Span, request) || skip-- > 0)
            {
                continue;
            }

            var text = Present(line, request.Timestamps);
            var count = (int)Math.Min(left, text.Length);
            await destination.WriteAsync(text[..count], cancellation);
            left -= count;
            if (left == 0)
            {
                break;
            }

            if (request.Follow)
            {
                await destination.FlushAsync(cancellation);
            }
        }

        await destination.FlushAsync(cancellation);
    }

    private static async Task<long> CountAsync(ContainerLog log, LogRequest request, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var line in LinesAsync(log, follow: false, cancellation))
        {
            count += IsWanted(line.Span, request) ? 1 : 0;
        }

        return count;
    }

    private static bool IsWanted(ReadOnlySpan<byte> line, LogRequest request) =>
        request.Since is not { } since
        || (
            DateTimeOffset.TryParse(
                Encoding.ASCII.GetString(line[..line.IndexOf((byte)' ')]),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
            && at >= since
        );

    // "stamp stream tag text\n" becomes "text\n", without the line's end when only a part of it came.
    private static ReadOnlyMemory<byte> Present(ReadOnlyMemory<byte> line, bool timestamps)
    {
        var span = line.Span;
        var stampEnd = span.IndexOf((byte)' ');
        var tag = stampEnd + 1 + span[(stampEnd + 1)..].IndexOf((byte)' ') + 1;
        var text = line[(tag + 2)..];
        if (span[tag] == (byte)'P')
        {
            text = text[..^1];
        }

        return timestamps ? (byte[])[.. span[..(stampEnd + 1)], .. text.Span] : text;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        ContainerLog log, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var held = 0;
        var (position, stop) = log.Extent;
        while (true)
        {
            var (at, count) = log.Read(position, buffer.AsSpan(held));
            if (at != position)
            {
                held = 0; // lines fell away between two reads: begin with the oldest that is left
                position = at;
                continue;
            }

            position += count;
            held += count;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            {
                yield return buffer.AsMemory(start, length + 1);
            }

            held -= start;
            buffer.AsSpan(start, held).CopyTo(buffer);
            if (count == 0 && !(follow && await log.WaitAsync(position, cancellation)))
            {
                yield break;
            }

            if (!follow && position >= stop && held == 0)
            {
                yield break;
            }
        }
    }
}
