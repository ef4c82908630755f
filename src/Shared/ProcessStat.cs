using System.Globalization;

namespace FaultMatrix.Shared;

/// <summary>What Linux tells of a process in <c>/proc/{pid}/stat</c>.</summary>
/// <param name="State">Its state, as one letter.</param>
/// <param name="Parent">The parent's PID.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Start">When it started, in ticks since boot: with the PID it tells a process from a later one of the same number.</param>
internal readonly record struct ProcessStat(char State, int Parent, int Session, string Start)
{
    /// <summary>Whether it has ended, and only its parent has yet to hear of it.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>The process's line; null where there is no such process, or none that may be looked at.</summary>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The line <c>pid (name) state ppid pgrp session …</c>; null where it is cut off.</summary>
    internal static ProcessStat? Parse(string line)
    {
        // The name may hold blanks and parentheses: what is wanted stands behind the last of these. Of 52 fields the start is number 22.
        var name = line.LastIndexOf(')');
        var fields = name < 0 || name + 2 > line.Length ? [] : line[(name + 2)..].Split(' ');
        return
            fields.Length > 19
            && fields[0].Length == 1
            && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            && int.TryParse(fields[3], CultureInfo.InvariantCulture, out var session)
            ? new ProcessStat(fields[0][0], parent, session, fields[19])
            : null;
    }
}
