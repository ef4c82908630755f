namespace FaultMatrix.Build.Model;

/// <summary>The front's own parameters: NUKE's, and the two that NUKE lacks.</summary>
internal static class BuiltIns
{
    public static IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        new("Completion", ParameterType.Enum, "Prints a completion script for this shell.") { Values = ["bash", "zsh", "pwsh"],
            BuiltIn = true },
        new("Continue", ParameterType.Bool, "Goes on with the latest run: only the scenarios that have no result yet.") { BuiltIn = true },
        new("Help", ParameterType.Bool, "Shows the help text.") { BuiltIn = true },
        new("Host", ParameterType.Enum, "Host that the output is formed for; found by its environment if not given.")
        {
            Values = HostNames.All,
            BuiltIn = true,
        },
        new("NoLogo", ParameterType.Bool, "Leaves the logo out.") { BuiltIn = true },
        new("Partition", ParameterType.String, "Runs one part of the selected scenarios, as 2/4.") { BuiltIn = true },
        new("Plan", ParameterType.Enum, "Shows what would run, as text or for mermaid, and runs nothing.") { Values = ["text",
            "mermaid"], BuiltIn = true },
        new("Profile", ParameterType.StringArray, "Parameters files to load: .nuke/parameters.NAME.json.") { BuiltIn = true },
        new("Root", ParameterType.Path, "Root folder; the nearest one upwards that holds .nuke if not given.") { BuiltIn = true },
        new("Skip", ParameterType.StringArray, "Targets to leave out; without names, all that were not named themselves.")
        {
            EmptyIsAll = true,
            BuiltIn = true,
        },
        new("Target", ParameterType.StringArray, "Targets to run.") { BuiltIn = true },
        new("Verbosity", ParameterType.Enum, "How much is written.") { Values = ["Verbose", "Normal", "Minimal", "Quiet"],
            Default = "Normal", BuiltIn = true },
        new("ShellCompletion", ParameterType.Bool, "Writes .nuke/build.schema.json.") { BuiltIn = true, Hidden = true },
        new("VisualStudioDebug", ParameterType.Bool, "Accepted for NUKE's extensions; has no effect.") { BuiltIn = true, Hidden = true },
    ];
}
