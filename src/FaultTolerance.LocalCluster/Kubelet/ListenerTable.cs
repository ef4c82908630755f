using System.Globalization;
using System.Net;
using System.Text;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>A listening TCP socket of this machine.</summary>
/// <param name="Inode">Its number, by which the processes that hold it are found.</param>
/// <param name="IsWildcard">It listens on all addresses.</param>
internal readonly record struct Listener(long Inode, bool IsWildcard);

/// <summary>Reads the listening TCP sockets out of <c>/proc/net</c>.</summary>
internal static class ListenerTable
{
    private const string Listening = "0A";

    /// <summary>
    /// The sockets that the kernel would hand a connection to: those of the very address; else those of all IPv4 addresses;
    /// else those of all addresses. Nothing when nobody listens.
    /// </summary>
    public static IReadOnlyList<Listener> Answering(IPAddress address, int port)
    {
        var four = Rows("/proc/net/tcp", port).ToList();
        var six = Rows("/proc/net/tcp6", port).ToList();
        var exact = four.Concat(six).Where(row => row.Address.Equals(address)).Select(row => new Listener(row.Inode, IsWildcard: false))
            .ToList();
        if (exact.Count > 0)
        {
            return exact;
        }

        var all = four.Where(row => row.Address.Equals(IPAddress.Any)).ToList();
        return [.. (all.Count > 0 ? all : six.Where(row => row.Address.Equals(IPAddress.IPv6Any)))
            .Select(row => new Listener(row.Inode, IsWildcard: true))];
    }

    /// <summary>An address as <c>/proc/net/tcp</c> and <c>tcp6</c> write it: words of four bytes, each in the machine's order.</summary>
    public static IPAddress ReadAddress(ReadOnlySpan<char> hex)
    {
        var bytes = Convert.FromHexString(hex);
        if (BitConverter.IsLittleEndian)
        {
            for (var word = 0; word < bytes.Length; word += 4)
            {
                bytes.AsSpan(word, 4).Reverse();
            }
        }

        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    // Listening sockets come first in these files, so the thousands of connections of a load are not read. Nor written by the kernel: it
    // fills what is asked for, a line of these files here, and would search its whole table of connections for a page.
    private static StreamReader Open(string file)
    {
        var lines = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        return new(lines, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, bufferSize: 150);
    }

    private static IEnumerable<(IPAddress Address, long Inode)> Rows(string file, int port)
    {
        if (!File.Exists(file))
        {
            yield break;
        }

        using var rows = Open(file);
        _ = rows.ReadLine();
        while (rows.ReadLine() is { } line)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 10 || fields[3] != Listening)
            {
                yield break;
            }

            var colon = fields[1].IndexOf(':', StringComparison.Ordinal);
            if (int.Parse(fields[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
            {
                yield return (ReadAddress(fields[1].AsSpan(0, colon)), long.Parse(fields[9], CultureInfo.InvariantCulture));
            }
        }
    }
}
