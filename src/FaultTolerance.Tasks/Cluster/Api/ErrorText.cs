using System.Buffers;
using System.Text;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// The text of an answer that is no success. What comes of it is enough: a proxy's page or an endless text is cut, and waited for only
/// shortly.
/// </summary>
internal static class ErrorText
{
    private const int Largest = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads it, at most 64 KB within 5 s.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(Largest);
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            while (length < Largest && await body.ReadAsync(buffer.AsMemory(length, Largest - length), both.Token) is > 0 and var count)
            {
                length += count;
            }
        }
        catch (Exception e) when (ApiErrors.IsBroken(e) || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The status says the main thing; of the text there is what came.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }
}
