namespace FaultTolerance.Reports.Page.Sections;

/// <summary>Plain tables and folds.</summary>
internal static class Tables
{
    /// <summary>A table with a caption; columns whose header begins with <c>#</c> hold numbers and stand right.</summary>
    public static Markup Draw(string caption, string[] headers, IEnumerable<Markup[]> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
        {
            return Markup.Empty;
        }

        // HTML lets the ends of cells and rows be left out; a page of thirty rows is a tenth shorter for it.
        string Class(int column) =>
            headers[column] is ['#', ..] ? " class=n"
            : headers[column] is ['*', ..] ? " class=wide"
            : "";
        var head = Markup.Join(
            headers.Select((header, i) => Markup.Of($"<th scope=col{new Markup(Class(i))}>{header.TrimStart('#', '*')}"))
        );
        var body = Markup.Join(
            lines.Select(cells =>
                Markup.Of(
                    $"<tr>{Markup.Join(cells.Select((cell, i) => Markup.Of($"{new Markup(i == 0 ? "<th scope=row" : "<td")}{new Markup(Class(i))}>{cell}")))}\n"
                )
            )
        );
        return Markup.Of(
            $"""
            <div class="scroll" tabindex="0"><table><caption>{caption}</caption><thead><tr>{head}<tbody>
            {body}</table></div>

            """);
    }

    /// <summary>A part that opens on demand, without a script.</summary>
    public static Markup Fold(string summary, Markup content, bool open = false) => content.IsEmpty
        ? Markup.Empty
        : Markup.Of($"<details{new Markup(open ? " open" : "")}><summary>{summary}</summary><div>\n{content}</div></details>\n");

    /// <summary>A text as a cell.</summary>
    public static Markup Text(string? text) => Markup.Of($"{text}");

    /// <summary>A link as a cell.</summary>
    public static Markup Link(string href, string text) => Markup.Of($"""<a href="{href}">{text}</a>""");
}
