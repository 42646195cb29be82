namespace Akka.Zab.Client.Recipes;

/// <summary>
/// Whom a ticket waits for, kind by kind. Pure functions of the line; <c>line</c> is in order of the places.
/// </summary>
internal static class LockRules
{
    /// <summary>The kinds of tickets.</summary>
    public const string
        Exclusive = "exclusive", Shared = "shared", Upgradeable = "upgradeable", Upgrading = "upgrading";

    /// <summary>The ticket just before: a plain line.</summary>
    public static Ticket? First(IReadOnlyList<Ticket> line, Ticket mine)
    {
        Ticket? before = null;
        foreach (var ticket in line)
        {
            if (ticket.Name == mine.Name) return before;
            before = ticket;
        }
        return before;
    }

    /// <summary>
    /// With shared holders: these wait for the nearest earlier writer, or one who is becoming a writer; one who may
    /// become a writer waits for his like too; a writer waits for everybody.
    /// </summary>
    public static Ticket? SharedOrExclusive(IReadOnlyList<Ticket> line, Ticket mine) => mine.Kind switch
    {
        Shared => Before(line, mine, static kind => kind is Exclusive or Upgrading),
        Upgradeable => Before(line, mine, static kind => kind is Exclusive or Upgradeable),
        Upgrading => LastInTheWay(line, mine),
        _ => First(line, mine),
    };

    private static Ticket? Before(IReadOnlyList<Ticket> line, Ticket mine, Func<string, bool> blocks)
    {
        Ticket? before = null;
        foreach (var ticket in line)
        {
            if (ticket.Name == mine.Name) break;
            if (blocks(ticket.Kind)) before = ticket;
        }
        return before;
    }

    // Readers that stand behind a writer do not read yet, and he waits for the one who upgrades. Who upgrades twice
    // waits for himself.
    private static Ticket? LastInTheWay(IReadOnlyList<Ticket> line, Ticket mine)
    {
        Ticket? last = null;
        var readersRead = true;
        foreach (var ticket in line)
        {
            if (ticket.Name == mine.Name) break;
            readersRead &= ticket.Kind != Exclusive;
            if (ticket.Kind == Upgrading || (ticket.Kind == Shared && readersRead)) last = ticket;
        }
        return last;
    }
}
