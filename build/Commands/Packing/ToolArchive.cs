using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Packing;

/// <summary>
/// Writes the tool as a <c>.tar.gz</c> that runs where no .NET is (<see cref="ToolFiles"/>). The same files give the same bytes: entries
/// are sorted, and belong to nobody and no time. Programs have assemblies in common: each is there once, and elsewhere a link to it.
/// </summary>
internal static class ToolArchive
{
    private const UnixFileMode Run = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Read = (UnixFileMode)0b110_100_100;

    /// <summary>Writes it; nothing half-made is left where that fails.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="folder">The one folder in it.</param>
    /// <param name="files">What goes into it.</param>
    /// <param name="cancellationToken">Ends it, and leaves nothing.</param>
    public static async Task WriteAsync(string file, string folder, IEnumerable<ToolFile> files, CancellationToken cancellationToken)
    {
        var temporary = file + ".new";
        try
        {
            await using (var output = File.Create(temporary))
            await using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
            await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
            {
                var first = new Dictionary<(string Hash, UnixFileMode Mode), string>();
                await AddAsync(tar, Entry($"{folder}/{ToolHome.Marker}", Read), new MemoryStream(), cancellationToken);
                foreach (var one in files.OrderBy(one => one.Name, StringComparer.Ordinal))
                {
                    var name = $"{folder}/{one.Name}";
                    if (new FileInfo(one.Source).LinkTarget is { } target && !Path.IsPathRooted(target))
                    {
                        await tar.WriteEntryAsync(
                            new PaxTarEntry(TarEntryType.SymbolicLink, name)
                            {
                                LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch, Mode = Run,
                            },
                            cancellationToken);
                        continue;
                    }

                    await using var content = File.OpenRead(one.Source);
                    var hash = Convert.ToHexString(await SHA256.HashDataAsync(content, cancellationToken));
                    content.Position = 0;
                    if (content.Length > 0 && !first.TryAdd((hash, Mode(one.Source)), name))
                    {
                        await tar.WriteEntryAsync(Link(name, first[(hash, Mode(one.Source))], Mode(one.Source)), cancellationToken);
                        continue;
                    }

                    await AddAsync(tar, Entry(name, Mode(one.Source)), content, cancellationToken);
                }
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static PaxTarEntry Entry(string name, UnixFileMode mode) =>
        new(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, Mode = mode };

    private static PaxTarEntry Link(string name, string to, UnixFileMode mode) =>
        new(TarEntryType.HardLink, name) { LinkName = to, ModificationTime = DateTimeOffset.UnixEpoch, Mode = mode };

    private static Task AddAsync(TarWriter tar, PaxTarEntry entry, Stream content, CancellationToken cancellationToken)
    {
        entry.DataStream = content;
        return tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static UnixFileMode Mode(string source) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(source) & UnixFileMode.UserExecute) != UnixFileMode.None ? Run : Read;
}
