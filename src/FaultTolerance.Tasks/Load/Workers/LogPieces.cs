using System.Collections.Immutable;
using System.Security.Cryptography;
using FaultTolerance.Runs;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.Load.Workers;

/// <summary>Reads the clients' logs of a share while they grow. For one caller at a time.</summary>
/// <param name="folder">Where they lie.</param>
/// <param name="share">Whose.</param>
internal sealed class LogPieces(ScenarioFolder folder, ClientShare share) : IDisposable
{
    private readonly SafeFileHandle?[] _files = new SafeFileHandle?[share.Count];

    /// <summary>What is there beyond so many bytes of each log, at most <see cref="WorkerForm.MostBytes"/> in all.</summary>
    /// <param name="from">The bytes of each client that are known.</param>
    public IReadOnlyList<byte[]> Read(ImmutableArray<long> from)
    {
        var left = WorkerForm.MostBytes;
        var pieces = new List<byte[]>(share.Count);
        for (var i = 0; i < share.Count && i < from.Length; i++)
        {
            var piece = Piece(i, from[i], left);
            pieces.Add(piece);
            left -= piece.Length;
        }

        return pieces;
    }

    /// <summary>Length, lines and hash of each whole log.</summary>
    public ImmutableArray<WorkerLog> Sum() => [.. share.Clients.Select(client => Sum(folder.ClientLog(client)))];

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_files, file => file?.Dispose());

    private byte[] Piece(int index, long from, int most)
    {
        if (most <= 0)
        {
            return [];
        }

        var file = _files[index] ??= File.OpenHandle(
            folder.ClientLog(share.First + index), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = (int)Math.Clamp(RandomAccess.GetLength(file) - from, 0, most);
        var bytes = new byte[length];
        var read = 0;
        while (read < length && RandomAccess.Read(file, bytes.AsSpan(read), from + read) is var more and > 0)
        {
            read += more;
        }

        return read == length ? bytes : bytes[..read];
    }

    private static WorkerLog Sum(string path)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long bytes = 0, lines = 0;
        while (file.Read(buffer) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return new(bytes, lines, Convert.ToHexString(hash.GetHashAndReset()));
    }
}
