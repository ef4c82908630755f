using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// Writes what is made from the list of parameters, where it is not as it should be: the schema, the table of parameters, and build/nuke's
/// members.
/// </summary>
internal sealed class SchemaCommand(string root, Declarations declarations, FrontConsole console) : IFrontCommand
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var changed = Write(root, declarations);
        var document = Path.Combine(root, ParameterTable.Document);
        if (File.Exists(document) && await File.ReadAllTextAsync(document, cancellationToken) is var text
            && ParameterTable.Fill(text, declarations) is var filled && filled != text)
        {
            await File.WriteAllTextAsync(document, filled, cancellationToken);
            console.Line(Level.Information, $"{ParameterTable.Document}'s table of parameters written.");
        }

        var members = Path.Combine(root, NukeText.RelativePath);
        if (Directory.Exists(Path.GetDirectoryName(members)) && NukeText.Of(declarations) is var code
            && (!File.Exists(members) || await File.ReadAllTextAsync(members, cancellationToken) != code))
        {
            await File.WriteAllTextAsync(members, code, cancellationToken);
            console.Line(Level.Information, $"{NukeText.RelativePath} written.");
        }

        console.Line(Level.Information, changed ? ".nuke/build.schema.json written." : ".nuke/build.schema.json is current.");
        return ExitCodes.Success;
    }

    /// <summary>Writes the schema where that can be done: a checkout that cannot be written runs all the same.</summary>
    public static void TryWrite(string root, Declarations declarations)
    {
        try
        {
            Write(root, declarations);
        }
        catch (FrontException)
        {
            // The schema is that of the last commit then.
        }
    }

    /// <returns>Whether the file was changed.</returns>
    /// <exception cref="FrontException">It cannot be written.</exception>
    public static bool Write(string root, Declarations declarations)
    {
        var file = Path.Combine(root, ".nuke", "build.schema.json");
        var text = SchemaText.Of(declarations);
        if (File.Exists(file) && File.ReadAllText(file) == text)
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.WriteText(file, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FrontException("FT0118", $".nuke/build.schema.json cannot be written: {e.Message}");
        }
    }
}
