using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 9: which operation needs which permission, who has it, what an ACL may be.</summary>
public class AclTests
{
    private static readonly Identities Bob = Identities.Of(
        [new Identity("ip", "10.1.2.3"), new Identity("digest", "bob:hash"), new Identity("digest", "bobby:hash")]);

    private static readonly Identities Eve = Identities.Of([new Identity("ip", "10.9.9.9"), new Identity("digest", "eve:hash")]);
    private static readonly Identities Root = Identities.None.With(new Identity("super", ""));

    private readonly Edits edits = new();

    public static TheoryData<string, Permissions> Needs => new()
    {
        { "create", Permissions.Create },
        { "create2 in a multi", Permissions.Create },
        { "delete", Permissions.Delete },
        { "setData", Permissions.Write },
        { "setACL", Permissions.Admin },
        { "check", Permissions.Read },
        { "getData", Permissions.Read },
        { "exists", Permissions.Read },
        { "getChildren", Permissions.Read },
        { "getAllChildrenNumber", Permissions.Read },
        { "getACL", Permissions.Read | Permissions.Admin },
    };

    [Theory]
    [MemberData(nameof(Needs))]
    public void Each_operation_needs_its_permission_and_no_other(string operation, Permissions needed)
    {
        for (var bits = 1; bits <= (int)Permissions.All; bits <<= 1)
        {
            var given = (Permissions)bits;
            var path = "/p" + bits;
            edits.Create(path);
            edits.Create(path + "/child");
            edits.Ask(new SetAcl(path, [new Acl(given, "digest", "bob:hash"), new Acl(Permissions.All & ~given, "digest", "eve:hash")]));
            Assert.Equal((given & needed) != 0 ? ZabError.Ok : ZabError.NoAuth, Try(operation, path, Bob));
            Assert.Equal(ZabError.NoAuth, Try(operation, path, Identities.None));
            Assert.Equal(ZabError.Ok, Try(operation, path, Root));
        }
    }

    // Each row breaks its own rule and all the later ones that it can.
    [Theory]
    [InlineData("/p/", "", 7, ZabError.BadArguments)]
    [InlineData("/x", "", 7, ZabError.InvalidAcl)]
    [InlineData("/x", "bob:hash", 7, ZabError.NoNode)]
    [InlineData("/zookeeper/config", "bob:hash", 7, ZabError.NoAuth)]
    [InlineData("/p", "bob:hash", 7, ZabError.BadVersion)]
    [InlineData("/p", "bob:hash", 0, ZabError.Ok)]
    [InlineData("/p", "bob:hash", -1, ZabError.Ok)]
    public void SetAcl_checks_in_this_order(string path, string id, int version, ZabError expected)
    {
        edits.Create("/p");
        var reply = edits.Ask(new SetAcl(path, [new Acl(Permissions.All, "digest", id)], version));
        Assert.Equal(expected, reply is ErrorReply error ? error.Error : ZabError.Ok);
    }

    [Fact]
    public void SetAcl_counts_its_own_version_and_touches_nothing_else()
    {
        edits.Create("/p", data: [1]);
        edits.Create("/p/child");
        foreach (var path in new[] { "/p", "/p/child", "/" })
        {
            var before = edits.StatOf(path);
            var set = Assert.IsType<StatReply>(edits.Ask(new SetAcl(path, [new Acl(Permissions.All, "digest", "bob:hash")])));
            Assert.Equal(before with { AclVersion = before.AclVersion + 1 }, set.Stat);
            set = Assert.IsType<StatReply>(edits.Ask(new SetAcl(path, Acl.Open, before.AclVersion + 1), who: Bob));
            Assert.Equal(before with { AclVersion = before.AclVersion + 2 }, set.Stat);
            Assert.Equal(set.Stat, edits.StatOf(path));
            Assert.Same(Acl.Open, AclOf(path, Identities.None));
        }
    }

    [Fact]
    public void An_acl_is_not_inherited_and_deleting_needs_nothing_of_the_znode_itself()
    {
        edits.Ask(new Create("/p", null, [new Acl(Permissions.Create | Permissions.Delete, "world", "anyone")]));
        edits.Ask(new Create("/p/c", null, [new Acl(Permissions.Read, "digest", "bob:hash")]));
        Assert.Equal(new ErrorReply(ZabError.NoAuth), edits.Tree.Read(new GetData("/p")));
        Assert.IsType<DataReply>(edits.Tree.Read(new GetData("/p/c"), Bob));
        Assert.IsType<DoneReply>(edits.Ask(new Delete("/p/c")));
    }

    [Fact]
    public void Auth_stands_for_every_authenticated_identity_and_an_address_is_none()
    {
        Acl[] acl = [new Acl(Permissions.Read, "auth", "ignored"), new Acl(Permissions.Read, "digest", "bob:hash")];
        edits.Ask(new Create("/p", null, acl), who: Bob);
        Assert.Equal(
            [new Acl(Permissions.Read, "digest", "bob:hash"), new Acl(Permissions.Read, "digest", "bobby:hash")], AclOf("/p", Root));
        var address = Identities.None.With(new Identity("ip", "10.1.2.3"));
        Assert.Equal(ZabError.InvalidAcl, edits.Fail(new Create("/q", null, acl), who: address));
    }

    [Theory]
    [InlineData("world", "anyone", true)]
    [InlineData("world", "someone", false)]
    [InlineData("digest", "bob:hash", true)]
    [InlineData("digest", "bob", false)]
    [InlineData("digest", "bob:hash:more", false)]
    [InlineData("ip", "10.0.0.1", true)]
    [InlineData("ip", "10.0.0.1/0", true)]
    [InlineData("ip", "10.0.0.1/32", true)]
    [InlineData("ip", "10.0.0.1/33", false)]
    [InlineData("ip", "10.0.0.1/", false)]
    [InlineData("ip", "10.0.0.1/-1", false)]
    [InlineData("ip", "10.0.1", false)]
    [InlineData("ip", "host", false)]
    [InlineData("ip", "fe80::1/64", true)]
    [InlineData("ip", "fe80::1/129", false)]
    [InlineData("sasl", "bob", true)]
    [InlineData("sasl", "", true)]
    [InlineData("sasl", "bob/host", true)]
    [InlineData("sasl", "bob/host@REALM", true)]
    [InlineData("sasl", "bob@REALM", true)]
    [InlineData("sasl", "bob@REALM@OTHER", false)]
    [InlineData("sasl", "bob/host/more@REALM", false)]
    [InlineData("sasl", "bob@REALM/host", false)]
    [InlineData("super", "", false)]
    [InlineData("unknown", "x", false)]
    public void Each_scheme_has_its_own_form_of_an_id(string scheme, string id, bool legal) =>
        Assert.Equal(legal, AclRules.TryResolve([new Acl(Permissions.Read, scheme, id)], Bob, out _));

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.2.3", false)]
    [InlineData("10.1.2.0/23", "10.1.3.255", true)]
    [InlineData("10.1.2.0/23", "10.1.4.0", false)]
    [InlineData("1.1.1.1/0", "200.0.0.1", true)]
    [InlineData("fe80::/10", "fe81::1", true)]
    [InlineData("fe80::/10", "::1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    public void An_address_is_matched_by_its_leading_bits(string range, string address, bool holds) =>
        Assert.Equal(holds, IpRange.Holds(range, address));

    [Theory]
    [InlineData("sasl", "bob", "sasl", "bob", true)]
    [InlineData("sasl", "bob", "sasl", "alice", false)]
    [InlineData("sasl", "bob", "sasl", "Bob", false)]
    [InlineData("sasl", "bob", "digest", "bob", false)]
    [InlineData("sasl", "super", "sasl", "alice", true)]
    [InlineData("sasl", "super", "x509", "CN=alice", false)]
    [InlineData("digest", "super", "sasl", "alice", false)]
    public void Who_logged_in_with_sasl_is_meant_by_the_exact_name_and_super_by_every_one(
        string scheme, string id, string entryScheme, string entryId, bool meant)
    {
        var who = Identities.None.With(new Identity(scheme, id));
        Assert.Equal(meant, who.IsMeantBy(new Acl(Permissions.Read, entryScheme, entryId)));
        Assert.False(who.IsSuper);
    }

    [Fact]
    public void Auth_stands_for_who_logged_in_with_sasl_too()
    {
        var who = Bob.With(new Identity("sasl", "bob"));
        edits.Ask(new Create("/p", null, [new Acl(Permissions.Read, "auth", "")]), who: who);
        Assert.Contains(new Acl(Permissions.Read, "sasl", "bob"), AclOf("/p", Root));
        Assert.Contains(new Acl(Permissions.Read, "sasl", "bob"), AclOf("/p", who));
    }

    [Theory]
    [InlineData("bob/host@REALM", false, false, "bob/host@REALM")]
    [InlineData("bob/host@REALM", true, false, "bob@REALM")]
    [InlineData("bob/host@REALM", false, true, "bob/host")]
    [InlineData("bob/host@REALM", true, true, "bob")]
    [InlineData("bob@REALM", true, true, "bob")]
    [InlineData("bob", true, true, "bob")]
    public void Of_a_name_of_Kerberos_host_and_realm_may_be_left_out(string name, bool host, bool realm, string id) =>
        Assert.Equal(id, PrincipalName.Shortened(name, host, realm));

    [Fact]
    public void Equal_entries_are_kept_once_and_equal_acls_as_one_object()
    {
        Acl[] acl = [new Acl(Permissions.Read, "digest", "bob:hash"), new Acl(Permissions.Read, "digest", "bob:hash")];
        edits.Ask(new Create("/p", null, acl));
        edits.Ask(new Create("/q", null, [acl[0]]));
        Assert.Single(AclOf("/p", Root));
        Assert.Same(AclOf("/p", Root), AclOf("/q", Root));
    }

    [Fact]
    public void Who_may_not_set_an_acl_does_not_see_what_became_of_the_passwords()
    {
        Acl[] acl = [new Acl(Permissions.All, "digest", "bob:hash"), new Acl(Permissions.Read, "ip", "10.9.0.0/16")];
        edits.Ask(new Create("/p", null, acl));
        Assert.Equal(acl, AclOf("/p", Bob));
        Assert.Equal([acl[0] with { Id = "bob:x" }, acl[1]], AclOf("/p", Eve));
        Assert.Equal(new ErrorReply(ZabError.NoAuth), edits.Tree.Read(new GetAcl("/p")));
        Assert.Equal(new ErrorReply(ZabError.NoNode), edits.Tree.Read(new GetAcl("/x")));
    }

    [Fact]
    public void The_configuration_may_be_read_by_everybody_and_written_by_the_superuser()
    {
        Assert.Equal([new Acl(Permissions.Read, "world", "anyone")], AclOf("/zookeeper/config", Identities.None));
        Assert.Equal(ZabError.NoAuth, edits.Fail(new SetData("/zookeeper/config", null), who: Bob));
        Assert.Equal(ZabError.BadArguments, edits.Fail(new SetData("/zookeeper/config", null), who: Root));
        Assert.IsType<StatReply>(edits.Ask(new SetAcl("/zookeeper/config", Acl.Open), who: Root));
        Assert.Equal(0, edits.StatOf("/zookeeper/config").AclVersion);
    }

    private IReadOnlyList<Acl> AclOf(string path, Identities who) =>
        Assert.IsType<AclReply>(edits.Tree.Read(new GetAcl(path), who)).Acl;

    /// <summary>Against the tree as it is; nothing is changed.</summary>
    private ZabError Try(string operation, string path, Identities who)
    {
        var header = new TxnHeader(edits.Zxid + 1, 0, Edits.Session, 0);
        WriteRequest? write = operation switch
        {
            "create" => new Create(path + "/new", null, Acl.Open),
            "create2 in a multi" => new Multi([new Create(path + "/new", null, Acl.Open)]),
            "delete" => new Delete(path + "/child"),
            "setData" => new SetData(path, null),
            "setACL" => new SetAcl(path, Acl.Open),
            "check" => new Multi([new Client.Check(path)]),
            _ => null,
        };
        var reply = write is not null
            ? Preparation.Prepare(edits.Edit, write, header, who).Answer
            : edits.Tree.Read(
                operation switch
                {
                    "getData" => new GetData(path),
                    "exists" => new Exists(path),
                    "getChildren" => new GetChildren(path),
                    "getAllChildrenNumber" => new GetAllChildrenNumber(path),
                    _ => new GetAcl(path),
                },
                who);
        return reply switch
        {
            ErrorReply error => error.Error,
            MultiReply multi => multi.Error,
            _ => ZabError.Ok,
        };
    }
}
