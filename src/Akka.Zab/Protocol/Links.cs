namespace Akka.Zab.Protocol;

/// <summary>
/// The sending end of a link: numbers what is sent, from 1. A transport that loses messages without telling anyone is
/// so turned into a channel that is in order or broken, which is what ZAB needs.
/// </summary>
/// <param name="link">The link's id, random for each join.</param>
internal sealed class LinkOut(long link)
{
    private long last;

    public long Link => link;

    public long Next() => ++last;
}

/// <summary>The receiving end of a link.</summary>
/// <param name="link">The link's id.</param>
internal sealed class LinkIn(long link)
{
    private long last;

    public long Link => link;

    /// <summary>
    /// Whether this is the next message. If not, something was lost or repeated, and the link is of no use any more.
    /// </summary>
    public bool Accepts(LinkMessage message)
    {
        if (message.Link != link || message.Number != last + 1)
            return false;
        last++;
        return true;
    }
}
