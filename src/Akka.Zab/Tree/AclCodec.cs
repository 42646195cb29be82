using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>An ACL as bytes: 0 for the open one, else the number of its entries plus one, and the entries.</summary>
internal static class AclCodec
{
    public static void Write(ByteWriter writer, IReadOnlyList<Acl>? acl)
    {
        if (AclRules.IsOpen(acl))
        {
            writer.Byte(0);
            return;
        }

        var count = acl?.Count ?? 0;
        writer.Count(count + 1);
        for (var i = 0; i < count; i++)
        {
            writer.Count((int)acl![i].Permissions);
            writer.String(acl[i].Scheme);
            writer.String(acl[i].Id);
        }
    }

    public static IReadOnlyList<Acl> Read(ref ByteReader reader)
    {
        var countPlusOne = reader.UCount();
        if (countPlusOne == 0)
            return Acl.Open;
        if (countPlusOne - 1 > (ulong)reader.Remaining)
            throw reader.Fault("a count is larger than what is left");
        var acl = new Acl[(int)(countPlusOne - 1)];
        for (var i = 0; i < acl.Length; i++)
            acl[i] = new Acl((Permissions)(int)reader.UCount(), reader.StringNotNull(), reader.StringNotNull());
        return SharedAcls.Share(acl);
    }
}
