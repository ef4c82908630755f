using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;

namespace FaultMatrix.Build.Commands;

/// <summary>Writes what is made from the list of parameters, where it is not as it should be: the schema, README's table, and build/nuke's members.</summary>
internal sealed class SchemaCommand(string root, Declarations declarations, FrontConsole console) : IFrontCommand
{
    public Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var changed = Write(root, declarations);
        var readme = Path.Combine(root, "README.md");
        if (File.Exists(readme) && File.ReadAllText(readme) is var text && ParameterTable.Fill(text, declarations) is var filled && filled != text)
        {
            File.WriteAllText(readme, filled);
            console.Line(Level.Information, "README.md's table of parameters written.");
        }

        var members = Path.Combine(root, NukeText.RelativePath);
        if (Directory.Exists(Path.GetDirectoryName(members)) && NukeText.Of(declarations) is var code && (!File.Exists(members) || File.ReadAllText(members) != code))
        {
            File.WriteAllText(members, code);
            console.Line(Level.Information, $"{NukeText.RelativePath} written.");
        }

        console.Line(Level.Information, changed ? ".nuke/build.schema.json written." : ".nuke/build.schema.json is current.");
        return Task.FromResult(ExitCodes.Success);
    }

    /// <returns>Whether the file was changed.</returns>
    public static bool Write(string root, Declarations declarations)
    {
        var file = Path.Combine(root, ".nuke", "build.schema.json");
        var text = SchemaText.Of(declarations);
        if (File.Exists(file) && File.ReadAllText(file) == text)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
        return true;
    }
}
