namespace FaultTolerance.Reports.Page;

/// <summary>What every page begins with: it needs no script, loads nothing, and says so to the browser.</summary>
internal static class Shell
{
    /// <summary>All up to the body.</summary>
    /// <param name="title">The page's title.</param>
    public static Markup Open(string title) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{title}</title>
        <style>
        {new Markup(Styles.Sheet)}
        </style></head><body>
        """);
}
