using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FaultMatrix.Build.Commands.Packing;

/// <summary>
/// Which of a runtime's assemblies programs need: those that they name, and those that these name. Small ones are always needed: most of
/// them only say where a type has gone, and what was compiled for another framework asks them.
/// </summary>
internal static class NeededAssemblies
{
    private const long Small = 100_000;

    /// <summary>Those of <paramref name="runtime"/> that are needed, and all files of it that are no assemblies.</summary>
    /// <param name="programs">The programs' assemblies.</param>
    /// <param name="runtime">The runtime's files.</param>
    public static IReadOnlySet<string> Of(IEnumerable<string> programs, IReadOnlyCollection<string> runtime)
    {
        var byName = runtime.Where(IsAssembly)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        var needed = runtime.Where(file => !IsAssembly(file)).ToHashSet(StringComparer.Ordinal);
        var unread = new Queue<string>(programs.Where(IsAssembly));
        while (unread.TryDequeue(out var file))
        {
            foreach (var name in References(file))
            {
                if (byName.TryGetValue(name, out var found) && needed.Add(found))
                {
                    unread.Enqueue(found);
                }
            }
        }

        needed.UnionWith(byName.Values.Where(file => new FileInfo(file).Length < Small));
        return needed;
    }

    private static bool IsAssembly(string file) => file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<string> References(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
        {
            return [];
        }

        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
