using System.Collections.Immutable;
using System.Security.Cryptography;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;

namespace FaultTolerance.LoadJobs;

/// <summary>The clients' logs of a share as they come in, each counted and hashed on the way.</summary>
internal sealed class FetchedLogs : IDisposable
{
    private readonly One[] _logs;

    /// <summary>Makes the files, empty.</summary>
    /// <exception cref="FaultMatrixException">FT0501: they cannot be made.</exception>
    public FetchedLogs(ScenarioFolder folder, ClientShare share)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            _logs = [.. share.Clients.Select(client => new One(folder.ClientLog(client), client))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0501", $"The client logs in {folder.Path} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Bytes that are known of each.</summary>
    public ImmutableArray<long> Known => [.. _logs.Select(log => log.Bytes)];

    /// <summary>Appends what came.</summary>
    /// <exception cref="FaultMatrixException">FT0502: it cannot be written.</exception>
    public void Append(IReadOnlyList<byte[]> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        try
        {
            for (var i = 0; i < pieces.Count && i < _logs.Length; i++)
            {
                _logs[i].Append(pieces[i]);
            }
        }
        catch (IOException e)
        {
            throw new FaultMatrixException("FT0502", $"The client logs cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Whether all of what a worker wrote is here.</summary>
    public bool IsWhole(ImmutableArray<WorkerLog> told) =>
        told.Length == _logs.Length && _logs.Zip(told).All(pair => pair.First.Bytes >= pair.Second.Bytes);

    /// <summary>Compares each log with what its worker says of it, by length, lines and hash; the first that differs, or null.</summary>
    public string? Difference(ImmutableArray<WorkerLog> told) =>
        _logs.Zip(told).Select(pair => pair.First.Difference(pair.Second)).FirstOrDefault(text => text is not null);

    /// <summary>Cuts each after its last whole line, appends lines to it, and closes it.</summary>
    /// <param name="more">Gives the lines for a client, once its file ends with a whole line.</param>
    public void Complete(Func<int, string, ReadOnlyMemory<byte>> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        foreach (var log in _logs)
        {
            log.Cut();
            log.Append(more(log.Client, log.Path).Span);
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_logs, log => log.Dispose());

    private sealed class One(string path, int client) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly FileStream _file = ResultFile(path);
        private long _whole;
        private long _lines;

        public string Path => path;

        public int Client => client;

        public long Bytes { get; private set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty)
            {
                return;
            }

            _file.Write(bytes);
            _file.Flush();
            _hash.AppendData(bytes);
            _lines += bytes.Count((byte)'\n');
            _whole = bytes.LastIndexOf((byte)'\n') is var at && at >= 0 ? Bytes + at + 1 : _whole;
            Bytes += bytes.Length;
        }

        public void Cut()
        {
            _file.SetLength(_whole);
            _file.Position = Bytes = _whole;
        }

        public string? Difference(WorkerLog told)
        {
            var hash = Convert.ToHexString(_hash.GetCurrentHash());
            return (Bytes, _lines, hash) == (told.Bytes, told.Lines, told.Sha256)
                ? null
                : $"the log of client {client} has {Bytes} bytes and {_lines} lines here, {told.Bytes} and {told.Lines} there"
                    + (hash == told.Sha256 ? "" : ", and another hash");
        }

        public void Dispose()
        {
            _file.Dispose();
            _hash.Dispose();
        }

        private static FileStream ResultFile(string path)
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (!OperatingSystem.IsWindows() && ResultAccess.FileMode(path) is { } mode)
            {
                File.SetUnixFileMode(file.SafeFileHandle, mode);
            }

            return file;
        }
    }
}
