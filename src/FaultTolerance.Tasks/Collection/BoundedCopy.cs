using System.Buffers;

namespace FaultTolerance.Collection;

/// <summary>Copies what may never end.</summary>
internal static class BoundedCopy
{
    private const int Part = 64 * 1024;

    /// <summary>Copies at most <paramref name="most"/> bytes; false when there were more.</summary>
    public static async Task<bool> CopyAsync(Stream from, Stream to, long most, CancellationToken cancellation)
    {
        var part = ArrayPool<byte>.Shared.Rent(Part);
        try
        {
            int read;
            while ((read = await from.ReadAsync(part, cancellation)) > 0)
            {
                await to.WriteAsync(part.AsMemory(0, (int)Math.Min(read, most)), cancellation);
                if ((most -= read) < 0)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }
}
