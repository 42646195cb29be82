using System.Text;
using Akka.Zab.Client.Sasl;

namespace Akka.Zab.Client.Tests.Sasl;

public class DigestMd5Tests
{
    // RFC 2831, section 4: IMAP and ACAP.
    [Theory]
    [InlineData(
        "OA6MG9tEQGm2hh", "OA6MHXh6VqTrRk", "imap/elwood.innosoft.com",
        "d388dad90d4bbd760a152321f2143af7", "ea40f60335c427b5527b84dbabcdfffd")]
    [InlineData(
        "OA9BSXrbuRhWay", "OA9BSuZWMSpW8m", "acap/elwood.innosoft.com",
        "6084c6db3fede7352c551284490fd0fc", "2f0b3d7c3c2e486600ef710726aa2eae")]
    public void The_examples_of_the_RFC(string nonce, string clientNonce, string uri, string client, string server)
    {
        var hash = DigestMd5.Hash("chris", "secret", "elwood.innosoft.com");
        Assert.Equal(client, DigestMd5.ClientProof(hash, nonce, clientNonce, uri));
        Assert.Equal(server, DigestMd5.ServerProof(hash, nonce, clientNonce, uri));
    }

    [Fact]
    public void What_stands_for_a_password_is_what_htdigest_and_md5sum_make()
        => Assert.Equal("2b5bc1ed7f9243f62e5456aebdf86774", Convert.ToHexStringLower(DigestMd5.Hash("bob", "secret")));

    // RFC 2831, section 2.1.2.1: what Latin-1 has is hashed in Latin-1, everything else in UTF-8.
    [Fact]
    public void Names_and_passwords_are_hashed_in_the_smaller_character_set()
    {
        Assert.Equal(Md5([.. "J"u8, 0xF6, .. ":zk-sasl-md5:p"u8]), DigestMd5.Hash("Jö", "p"));
        Assert.Equal(Md5("b:zk-sasl-md5:пароль"u8), DigestMd5.Hash("b", "пароль"));
    }

    [Theory]
    [InlineData("bob", "secret")]
    [InlineData("Jörg", "müde")]
    [InlineData("Иван", "пароль")]
    [InlineData("bob smith", "with \"quotes\", commas = and \\")]
    public void A_client_and_a_server_that_know_the_same_password_convince_each_other(string user, string password)
    {
        var client = Client(user, password);
        var server = Server((user, password));
        var challenge = server.Take([]);
        Assert.Equal(SaslState.GoesOn, challenge.State);
        var answer = client.Take(challenge.Token);
        Assert.Equal(SaslState.GoesOn, answer.State);
        var verdict = server.Take(answer.Token);
        Assert.Equal((SaslState.Done, user), (verdict.State, verdict.Text));
        Assert.Equal(SaslState.Done, client.Take(verdict.Token).State);
    }

    [Theory]
    [InlineData("bob", "wrong")]
    [InlineData("nobody", "secret")]
    [InlineData("Bob", "secret")]
    public void Whoever_is_unknown_or_has_another_password_is_refused(string user, string password)
    {
        var server = Server(("bob", "secret"));
        var answer = Client(user, password).Take(server.Take([]).Token);
        var verdict = server.Take(answer.Token);
        Assert.Equal((SaslState.Failed, null), (verdict.State, verdict.Token));
        Assert.DoesNotContain(password, verdict.Text);
    }

    [Fact]
    public void A_server_that_does_not_know_the_password_does_not_convince_the_client()
    {
        var client = Client("bob", "secret");
        client.Take(Server().Take([]).Token);
        Assert.Equal(SaslState.Failed, client.Take("rspauth=00000000000000000000000000000000"u8).State);
    }

    [Theory]
    [InlineData("realm=\"zk-sasl-md5\",qop=\"auth\",algorithm=md5-sess")]
    [InlineData("realm=\"zk-sasl-md5\",nonce=\"a\",nonce=\"b\",algorithm=md5-sess")]
    [InlineData("realm=\"zk-sasl-md5\",nonce=\"a\",qop=\"auth-conf\",algorithm=md5-sess")]
    [InlineData("realm=\"elsewhere\",nonce=\"a\",algorithm=md5-sess")]
    [InlineData("realm=\"zk-sasl-md5\",nonce=\"a\",algorithm=sha-1")]
    [InlineData("realm=\"zk-sasl-md5")]
    [InlineData("")]
    public void A_client_answers_no_challenge_that_it_cannot_answer(string challenge)
        => Assert.Equal(SaslState.Failed, Client("bob", "secret").Take(Encoding.Latin1.GetBytes(challenge)).State);

    [Theory]
    [InlineData("realm=\"other\", realm=\"zk-sasl-md5\",nonce=\"a\\\"b\",qop=\"auth,auth-int\", ,charset=utf-8,algorithm=md5-sess")]
    [InlineData("nonce=\"a\",algorithm=md5-sess")]
    [InlineData("Nonce = \"a\" , Algorithm = \"md5-sess\",cipher=\"rc4,des\",maxbuf=65536")]
    public void A_client_takes_what_servers_may_say(string challenge)
        => Assert.Equal(SaslState.GoesOn, Client("bob", "secret").Take(Encoding.Latin1.GetBytes(challenge)).State);

    [Fact]
    public void A_challenge_is_good_for_one_answer()
    {
        var server = Server(("bob", "secret"));
        var answer = Client("bob", "secret").Take(server.Take([]).Token);
        Assert.Equal(SaslState.Done, server.Take(answer.Token).State);
        Assert.Equal(SaslState.Failed, server.Take(answer.Token).State);

        var failed = Server(("bob", "secret"));
        var challenge = failed.Take([]).Token;
        Assert.Equal(SaslState.Failed, failed.Take(Client("bob", "wrong").Take(challenge).Token).State);
        Assert.Equal(SaslState.Failed, failed.Take(Client("bob", "secret").Take(challenge).Token).State);
    }

    // As a ZooKeeper does: an answer to an earlier challenge, say.
    [Fact]
    public void Whatever_a_client_begins_with_it_is_given_a_challenge()
    {
        var server = Server(("bob", "secret"));
        var challenge = server.Take([1, 2, 3]);
        Assert.Equal(SaslState.GoesOn, challenge.State);
        Assert.Equal(SaslState.Done, server.Take(Client("bob", "secret").Take(challenge.Token).Token).State);
    }

    [Fact]
    public void An_answer_to_another_challenge_is_refused()
    {
        var answer = Client("bob", "secret").Take(Server().Take([]).Token);
        var server = Server(("bob", "secret"));
        server.Take([]);
        Assert.Equal(SaslState.Failed, server.Take(answer.Token).State);
    }

    [Fact]
    public void No_challenge_is_like_another()
    {
        Assert.NotEqual(Server().Take([]).Token, Server().Take([]).Token);
        Assert.Equal("realm=\"zk-sasl-md5\",nonce=\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\",qop=\"auth\",charset=utf-8,algorithm=md5-sess",
            Encoding.Latin1.GetString(new DigestMd5Server(_ => null, bytes => Array.Fill(bytes, (byte)1)).Take([]).Token!));
    }

    // Each replaces a part of an answer that would be accepted.
    [Theory]
    [InlineData("nc=00000001", "nc=00000002")]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("nc=00000001,", "")]
    [InlineData("qop=auth", "qop=auth-int")]
    [InlineData("qop=auth", "qop=auth,qop=auth")]
    [InlineData("zookeeper/zk-sasl-md5", "zookeeper/elsewhere")]
    [InlineData("realm=\"zk-sasl-md5\"", "realm=\"elsewhere\"")]
    [InlineData("realm=\"zk-sasl-md5\",", "")]
    [InlineData("username=\"bob\"", "username=\"bo\"")]
    [InlineData("username=\"bob\"", "username=\"\u00ff\"")]
    [InlineData("username=\"bob\",", "")]
    [InlineData("charset=utf-8", "charset=koi8-r")]
    [InlineData("response=", "response=0")]
    [InlineData("response=", "response")]
    [InlineData("digest-uri=", "digest-url=")]
    [InlineData("cnonce=\"", "cnonce=\"x")]
    [InlineData("nonce=\"AQ", "nonce=\"AR")]
    [InlineData("\"bob\"", "\"bob")]
    [InlineData("\"bob\"", "\"bob\"\"")]
    [InlineData("\"bob\"", "")]
    public void An_answer_that_is_not_right_in_every_part_is_refused(string part, string instead)
    {
        var server = new DigestMd5Server(Hashes(("bob", "secret")), bytes => Array.Fill(bytes, (byte)1));
        var answer = Encoding.Latin1.GetString(Client("bob", "secret").Take(server.Take([]).Token).Token!);
        Assert.Contains(part, answer);
        Assert.Equal(SaslState.Failed, server.Take(Encoding.Latin1.GetBytes(answer.Replace(part, instead))).State);
    }

    // As the Java client does.
    [Theory]
    [InlineData("bob", true)]
    [InlineData("alice", false)]
    public void Who_names_himself_as_the_one_to_act_for_is_served_and_nobody_else(string actFor, bool served)
    {
        var hash = DigestMd5.Hash("bob", "secret");
        var server = new DigestMd5Server(Hashes(("bob", "secret")), bytes => Array.Fill(bytes, (byte)1));
        server.Take([]);
        const string nonce = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
        var proof = DigestMd5.ClientProof(hash, nonce, "mine", DigestMd5.Uri, actFor);
        var verdict = server.Take(Encoding.Latin1.GetBytes(
            $"charset=utf-8,username=\"bob\",realm=\"zk-sasl-md5\",nonce=\"{nonce}\",nc=00000001,cnonce=\"mine\"," +
            $"digest-uri=\"zookeeper/zk-sasl-md5\",maxbuf=65536,response={proof},qop=auth,authzid=\"{actFor}\""));
        Assert.Equal(served ? SaslState.Done : SaslState.Failed, verdict.State);
    }

    [Fact]
    public void Whatever_else_comes_is_refused()
    {
        Assert.Equal(SaslState.Failed, Answered([]).State);
        Assert.Equal(SaslState.Failed, Answered(new byte[100_000]).State);
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            Assert.Equal(SaslState.Failed, Answered(bytes).State);
        }
        var good = Client("bob", "secret").Take(Server(("bob", "secret")).Take([]).Token).Token!;
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(SaslState.Failed, Answered(bytes[..random.Next(bytes.Length + 1)]).State);
        }

        static SaslStep Answered(byte[] token)
        {
            var server = Server(("bob", "secret"));
            server.Take([]);
            return server.Take(token);
        }
    }

    private static DigestMd5Client Client(string user, string password) =>
        new(new SaslCredentials(user, password), Random.Shared.NextBytes);

    private static DigestMd5Server Server(params (string User, string Password)[] users) =>
        new(Hashes(users), Random.Shared.NextBytes);

    private static Func<string, byte[]?> Hashes(params (string User, string Password)[] users)
    {
        var hashes = users.ToDictionary(user => user.User, user => DigestMd5.Hash(user.User, user.Password));
        return user => hashes.GetValueOrDefault(user);
    }

#pragma warning disable CA5351
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => System.Security.Cryptography.MD5.HashData(bytes);
#pragma warning restore CA5351
}
