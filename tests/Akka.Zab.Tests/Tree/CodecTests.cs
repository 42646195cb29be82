using System.Text.Json;
using Akka.Zab.Client;
using Akka.Zab.Tree;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Zab.Tests.Tree;

/// <summary>What is journalled and sent comes back as it was, or with a clear exception.</summary>
public class CodecTests
{
    private static readonly Reply[] Answers =
    [
        new ErrorReply(ZabError.NoNode), DoneReply.Instance, new SyncReply("/x"), new SyncReply(""),
        new MultiReply([new ErrorReply(ZabError.Ok), new ErrorReply(ZabError.BadVersion)], ZabError.BadVersion),
        new SessionReply(-7, [1, 2], 4000),
    ];

    [Fact]
    public void Batches_of_transactions_come_back() => Generators.Holds(Generators.Runs, run =>
    {
        var edits = new Edits();
        foreach (var (request, session) in run)
            edits.Ask(request, session);
        var encoder = new BatchEncoder();
        foreach (var part in edits.Log.Chunk(7))
        {
            foreach (var txn in part)
                encoder.Add(txn);
            var batch = encoder.Finish();
            Assert.Equal(part[0].Header.Zxid, batch.FirstZxid);
            Assert.Equal(part[^1].Header.Zxid, batch.LastZxid);
            Assert.Equal(part.Length, batch.Count);
            Assert.Equal(part.Select(Text), TxnCodec.Decode(batch).Select(Text));
        }
    });

    [Fact]
    public void A_batch_with_any_bit_wrong_or_any_byte_missing_is_refused()
    {
        var batch = SomeBatch();
        for (var bit = 0; bit < batch.Bytes.Length * 8; bit++)
        {
            var damaged = (byte[])batch.Bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => TxnCodec.Decode(batch with { Bytes = damaged }));
        }

        for (var length = 0; length < batch.Bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => TxnCodec.Decode(batch with { Bytes = batch.Bytes[..length] }));
        Assert.Throws<InvalidDataException>(() => TxnCodec.Decode(batch with { FirstZxid = batch.FirstZxid + 1 }));
        Assert.Throws<InvalidDataException>(() => TxnCodec.Decode(batch with { LastZxid = batch.LastZxid + 1 }));
    }

    [Fact]
    public void A_version_that_is_not_known_is_named()
    {
        var batch = SomeBatch();
        batch.Bytes[0] = 9;
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => TxnCodec.Decode(batch)).Message);
    }

    [Fact]
    public void The_format_of_a_batch_does_not_change()
    {
        // Journals hold these bytes. If this fails, the format needs a new version, and the old ones must stay readable.
        const string StoredByVersion2 =
            "0297FD53330501000000010000000180B883A1F73208070605040302010900000000000000032F6102010000000000000000"
            + "00050000000501080706050403020109000000000000000303032F6100010000000402032F61060207000000000000000A00"
            + "000000000000030102A00F0000070007000000000000000B0000000000000001032F65080007000000000000000C00000000"
            + "000000032F6102010764696765737404613A6203000000";
        const string StoredByVersion1 =
            "01CE935DD80401000000010000000180B883A1F73208070605040302010900000000000000032F610201000000000000000000"
            + "050000000501080706050403020109000000000000000303032F6100010000000402032F61060207000000000000000A000000"
            + "00000000030102A00F0000070007000000000000000B0000000000000001032F65";
        const long Time = 875_000_000_000;
        LoggedTxn[] txns =
        [
            new(new TxnHeader(0x1_0000_0001, Time, 0x0102030405060708, 9), new CreateTxn("/a", [1], Acl.Open, 0, 5)),
            new(
                new TxnHeader(0x1_0000_0002, Time - 1, 0x0102030405060708, 9),
                new MultiTxn([new SetDataTxn("/a", null, 1), CheckTxn.Instance, new DeleteTxn("/a")])),
            new(new TxnHeader(0x1_0000_0003, Time, 7, 10), new OpenSessionTxn([1, 2], 4000)),
            new(new TxnHeader(0x1_0000_0004, Time, 7, 11), new CloseSessionTxn(["/e"])),
        ];
        var old = new TxnBatch(0x1_0000_0001, 0x1_0000_0004, Convert.FromHexString(StoredByVersion1));
        Assert.Equal(txns.Select(Text), TxnCodec.Decode(old).Select(Text));

        Acl[] acl = [new Acl(Permissions.Read, "digest", "a:b")];
        LoggedTxn[] more = [.. txns, new(new TxnHeader(0x1_0000_0005, Time, 7, 12), new SetAclTxn("/a", acl, 3))];
        var encoder = new BatchEncoder();
        foreach (var txn in more)
            encoder.Add(txn);
        var batch = encoder.Finish();
        Assert.Equal(StoredByVersion2, Convert.ToHexString(batch.Bytes));
        Assert.Equal(more.Select(Text), TxnCodec.Decode(batch).Select(Text));
    }

    [Theory]
    [InlineData(0x1_0000_0003)]
    [InlineData(0x1_0000_0001)]
    [InlineData(0x2_0000_0002)]
    public void Transactions_of_a_batch_follow_each_other(long zxid)
    {
        var encoder = new BatchEncoder();
        encoder.Add(new LoggedTxn(new TxnHeader(0x1_0000_0001, 0, 0, 0), new DeleteTxn("/a")));
        Assert.Throws<ArgumentException>(() =>
            encoder.Add(new LoggedTxn(new TxnHeader(zxid, 0, 0, 0), new DeleteTxn("/a"))));
    }

    [Fact]
    public void Requests_come_back() => Generators.Holds(Generators.Runs, run =>
    {
        if (run.Length == 0)
            return;
        var encoder = new RequestEncoder();
        var number = long.MaxValue;
        foreach (var (request, session) in run)
            encoder.Add(session, number--, request);
        encoder.Add(1, 2, new Sync("/any"));
        encoder.Add(1, 3, new ReattachSession(-4, [5], 6));
        encoder.Add(1, 4, new Create(null!, null, null!));
        var back = RequestCodec.Decode(encoder.Finish(), (session, id, request, _, _) => (session, id, request));
        number = long.MaxValue;
        Assert.Equal(run.Length + 3, back.Count);
        foreach (var ((request, session), decoded) in run.Zip(back))
        {
            Assert.Equal((session, number--), (decoded.session, decoded.id));
            Assert.Equal(Text(request), Text(decoded.request));
        }

        Assert.Equal(Text(new Create(null!, null, [])), Text(back[^1].request));
    });

    [Fact]
    public void Who_asks_travels_with_the_requests_and_once_for_a_run_of_them()
    {
        var bob = Identities.Of([new Identity("ip", "10.0.0.1"), new Identity("digest", "bob:x")]);
        var root = Identities.Of([new Identity("super", "")]);
        var alsoBob = Identities.Of(bob.All);
        Identities?[] asking = [null, bob, alsoBob, root, Identities.None, bob];
        var encoder = new RequestEncoder();
        for (var turn = 0; turn < 2; turn++)
        {
            for (var i = 0; i < asking.Length; i++)
                encoder.Add(1, i, new Delete("/a"), asking[i]);
            var back = RequestCodec.Decode(encoder.Finish(), (_, _, _, who, _) => who);
            Assert.Equal(
                asking.Select(who => string.Join(' ', (who ?? Identities.None).All.ToArray())),
                back.Select(who => string.Join(' ', who.All.ToArray())));
            Assert.Same(back[1], back[2]);
            Assert.True(back[3].IsSuper);
        }
    }

    [Fact]
    public void Whether_a_session_is_local_travels_with_each_of_its_requests()
    {
        var bob = Identities.Of([new Identity("ip", "10.0.0.1")]);
        var encoder = new RequestEncoder();
        (Identities? Who, bool Local)[] asking = [(null, true), (bob, true), (bob, false), (bob, true), (null, false)];
        foreach (var (who, local) in asking)
            encoder.Add(1, 1, new Delete("/a"), who, local);
        var back = RequestCodec.Decode(encoder.Finish(), (_, _, _, who, local) => (who, local));
        Assert.Equal(asking.Select(asked => asked.Local), back.Select(asked => asked.local));
        Assert.Equal(asking.Select(asked => (asked.Who ?? Identities.None).All.Length), back.Select(asked => asked.who.All.Length));
    }

    [Fact]
    public void What_may_not_stand_in_a_multi_is_still_refused_after_the_journey()
    {
        WriteRequest nested = new CloseSession();
        for (var depth = 0; depth < 100_000; depth++)
            nested = new Multi([nested]);
        var encoder = new RequestEncoder();
        encoder.Add(1, 1, nested);
        var back = RequestCodec.Decode(encoder.Finish(), (_, _, request, _, _) => request);
        Assert.Equal(ZabError.MarshallingError, new Edits().Fail(back[0]));
    }

    [Fact]
    public void Answers_come_back()
    {
        var encoder = new AnswerEncoder();
        for (var i = 0; i < Answers.Length; i++)
            encoder.Add(i, -i, 1L << i, Answers[i]);
        var back = AnswerCodec.Decode(encoder.Finish(), (session, id, after, reply) => (session, id, after, reply));
        Assert.Equal(Answers.Length, back.Count);
        for (var i = 0; i < Answers.Length; i++)
        {
            Assert.Equal((i, -i, 1L << i), (back[i].session, back[i].id, back[i].after));
            ModelTests.Same(Answers[i], back[i].reply);
        }
    }

    [Fact]
    public void Nonsense_is_refused_and_never_believed()
    {
        var encoder = new RequestEncoder();
        encoder.Add(1, 2, new Multi([new Create("/a", [1, 2, 3], Acl.Open), new Delete("/b", 5)]));
        Damaged(encoder.Finish(), bytes => RequestCodec.Decode(bytes, (_, _, request, _, _) => request));
        var answers = new AnswerEncoder();
        foreach (var answer in Answers)
            answers.Add(1, 2, 3, answer);
        Damaged(answers.Finish(), bytes => AnswerCodec.Decode(bytes, (_, _, _, reply) => reply));

        // A checksum that fits does not make nonsense right.
        var batch = SomeBatch();
        Damaged(batch.Bytes, bytes =>
        {
            if (bytes.Length < TxnCodec.ChecksumEnd)
                throw new InvalidDataException();
            var crc = Checksum.Crc32C(bytes.AsSpan(TxnCodec.ChecksumEnd));
            BitConverter.TryWriteBytes(bytes.AsSpan(1), crc);
            TxnCodec.Decode(batch with { Bytes = bytes });
        });
    }

    [Fact]
    public void The_checksum_is_crc_32c() => Assert.Equal(0xE3069283, Checksum.Crc32C("123456789"u8));

    /// <summary>
    /// Damage may go unnoticed where nothing is checked, but it is never anything but an InvalidDataException.
    /// </summary>
    private static void Damaged(byte[] good, Action<byte[]> decode) => Generators.Holds(
        Arb.From(Gen.Choose(0, good.Length - 1).SelectMany(at => Gen.Choose(0, 255).SelectMany(value =>
            Gen.Choose(0, good.Length).Select(length => (at, value, length))))),
        damage =>
        {
            var bytes = (byte[])good.Clone();
            bytes[damage.at] = (byte)damage.value;
            if (damage.value % 3 == 0)
                bytes = bytes[..damage.length];
            try
            {
                decode(bytes);
            }
            catch (InvalidDataException)
            {
            }
        },
        tests: 3000);

    private static TxnBatch SomeBatch()
    {
        var edits = new Edits();
        edits.Create("/a", data: [1, 2]);
        var ephemeral = new Create("/a/e", null, Acl.Open, CreateMode.Ephemeral);
        edits.Ask(new Multi([ephemeral, new Client.Check("/a"), new SetData("/a", [])]));
        edits.Ask(new CloseSession());
        var encoder = new BatchEncoder();
        foreach (var txn in edits.Log)
            encoder.Add(txn);
        return encoder.Finish();
    }

    private static string Text(LoggedTxn txn) => txn.Header + Text(txn.Body);

    private static string Text(Txn body) => body is MultiTxn multi
        ? string.Join('|', multi.Parts.Select(Text))
        : body.GetType().Name + JsonSerializer.Serialize(body, body.GetType());

    private static string Text(WriteRequest request) => request is Multi multi
        ? string.Join('|', multi.Operations.Select(o => o is CloseSession ? Text(new Multi([])) : Text(o)))
        : request.GetType().Name + JsonSerializer.Serialize(request, request.GetType());
}
