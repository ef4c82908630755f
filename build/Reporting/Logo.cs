using System.Reflection;
using System.Runtime.InteropServices;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>The lines at the top.</summary>
internal static class Logo
{
    private const string Drawing = """

        █▀▀ ▄▀█ █ █ █   ▀█▀   █▀▄▀█ ▄▀█ ▀█▀ █▀█ █ ▀▄▀
        █▀  █▀█ █▄█ █▄▄  █    █ ▀ █ █▀█  █  █▀▄ █ █ █

        """;

    public static void Write(FrontConsole console, bool drawing)
    {
        if (console.Verbosity > Verbosity.Normal)
        {
            return;
        }

        if (drawing)
        {
            console.Raw(console.Paint(Drawing, "36"));
        }

        var version = typeof(Logo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        var system = RuntimeInformation.OSDescription.Split(' ')[0];
        console.Raw($"FaultMatrix Execution Engine version {version} ({system}, {RuntimeInformation.FrameworkDescription})");
        console.Raw("");
    }
}
