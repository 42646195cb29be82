using System.Text;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>
/// How many bytes a reply takes. Exactly, where it is the reply to a read and may be too long; at most, else.
/// </summary>
internal static class ReplySize
{
    /// <summary>The header of a reply.</summary>
    public const int Header = 16;

    const int MultiHeader = 9;

    /// <summary>What follows the header.</summary>
    public static int OfBody(IZabMessage reply) => reply switch
    {
        DataReply data => sizeof(int) + data.InPlace.Length + JuteWriter.StatSize,
        StatReply => JuteWriter.StatSize,
        CreatedReply created => JuteWriter.MaxSize(created.Path) + JuteWriter.StatSize,
        ChildrenReply children => Of(children.Names) + JuteWriter.StatSize,
        ChildrenPageReply page => Of(page.Names) + JuteWriter.StatSize + 1,
        AclReply acl => Of(acl.Acl) + JuteWriter.StatSize,
        WhoAmIReply who => Of(who.Identities),
        SyncReply sync => JuteWriter.MaxSize(sync.Path),
        PathsReply paths => Of(paths.Paths),
        CountReply => sizeof(int),
        DoneReply => sizeof(int),
        _ => 0,
    };

    /// <summary>A multi's reply as a whole.</summary>
    /// <param name="multi">The reply.</param>
    /// <param name="reads">Whether it is one to reads.</param>
    public static long OfMulti(MultiReply multi, out bool reads)
    {
        reads = false;
        long size = Header + MultiHeader;
        for (var i = 0; i < multi.Results.Count; i++)
        {
            var result = multi.Results[i];
            reads |= result is DataReply or ChildrenReply;
            size += MultiHeader + (result is ErrorReply ? sizeof(int) : OfBody(result));
        }
        return size;
    }

    /// <summary>Lists are long: walk them as arrays where they are arrays.</summary>
    public static ReadOnlySpan<string> Strings(IReadOnlyList<string> list) => list as string[] ?? [.. list];

    static int Of(IReadOnlyList<string> strings)
    {
        var size = sizeof(int);
        if (strings is ChildNames inTree)
        {
            foreach (ref readonly var child in inTree) size += sizeof(int) + child.Head.Name.Length;
            return size;
        }
        foreach (var text in Strings(strings)) size += sizeof(int) + Encoding.UTF8.GetByteCount(text);
        return size;
    }

    static int Of(IReadOnlyList<Acl> acl)
    {
        var size = sizeof(int);
        foreach (var entry in acl)
        {
            size += (3 * sizeof(int)) + Encoding.UTF8.GetByteCount(entry.Scheme)
                + Encoding.UTF8.GetByteCount(entry.Id);
        }
        return size;
    }

    static int Of(IReadOnlyList<Identity> identities)
    {
        var size = sizeof(int);
        foreach (var identity in identities)
            size += JuteWriter.MaxSize(identity.Scheme) + JuteWriter.MaxSize(identity.Id);
        return size;
    }
}
