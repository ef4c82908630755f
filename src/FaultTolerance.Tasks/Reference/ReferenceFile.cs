namespace FaultTolerance.Reference;

/// <summary>A file of the repository that is written from what the code says of itself, whole or between two marks.</summary>
/// <param name="Path">Its path from the repository's root, with slashes.</param>
/// <param name="Write">Its text, from the text that is there; null where there is no file yet.</param>
internal sealed record ReferenceFile(string Path, Func<string?, string> Write)
{
    /// <summary>A file in which only one section is generated: what stands between two comment lines of that name.</summary>
    /// <exception cref="FaultMatrixException">FT0904: the file or its marks are missing.</exception>
    public static ReferenceFile Section(string path, string name, Func<string> text) => new(path, document =>
        {
            var begin = $"<!-- {name}: written by ./build.sh Reference -->\n";
            var end = $"<!-- /{name} -->";
            var from = document?.IndexOf(begin, StringComparison.Ordinal) ?? -1;
            var to = document?.IndexOf(end, StringComparison.Ordinal) ?? -1;
            return from >= 0 && to > from
                ? $"{document![..(from + begin.Length)]}{text()}{document[to..]}"
                : throw new FaultMatrixException(
                    "FT0904",
                    $"'{path}' lacks the lines '{begin.TrimEnd()}' and '{end}', between which a table belongs"
                );
        });
}
