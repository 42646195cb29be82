using System.Buffers;
using Akka.Actor;
using Akka.Zab.Client;
using Akka.Zab.ZooKeeper.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Jute;

public class HandshakeTests
{
    static ConnectRequest? Decode(byte[] frame) => ConnectRequest.Decode(frame.AsSpan(4));

    [Fact]
    public void A_request_is_read_with_and_without_its_last_byte()
    {
        var password = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
        var request = Decode(Frame.Connect(0x100000000000001, password, 6000, 42));
        Assert.NotNull(request);
        Assert.Equal((42L, 6000), (request.LastZxidSeen, request.TimeoutMs));
        Assert.Equal((0x100000000000001, true), (request.SessionId, request.KnowsReadOnly));
        Assert.Equal(password, request.Password);
        Assert.False(request.ToConnect().ReadOnlyAllowed);
        Assert.True(Decode(Frame.Connect(readOnly: true))!.ToConnect().ReadOnlyAllowed);

        var old = Frame.Connect(readOnly: null);
        Assert.Equal(4 + 44, old.Length);
        Assert.False(Decode(old)!.KnowsReadOnly);
    }

    [Fact]
    public void A_null_password_is_an_empty_one_and_what_is_too_short_is_no_request()
    {
        Assert.Empty(ConnectRequest.Decode(new Frame().Int(0).Long(0).Int(1).Long(0).Int(-1).Bytes)!.Password);
        var whole = Frame.Connect(readOnly: null);
        for (var length = 4; length < whole.Length; length++) Assert.Null(Decode(whole[..length]));
    }

    [Theory]
    [InlineData(true, false, 37)]
    [InlineData(true, true, 37)]
    [InlineData(false, true, 36)]
    public void The_response_has_the_byte_if_the_request_had_it(bool knowsReadOnly, bool isReadOnly, int length)
    {
        var output = new ArrayBufferWriter<byte>();
        var secret = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
        var connected = new Connected(0x0200000000000007, secret, 4000, ActorRefs.Nobody) { ReadOnly = isReadOnly };
        ConnectResponse.Accept(output, connected, knowsReadOnly);
        var expected = new Frame().Int(0).Int(4000).Long(0x0200000000000007).Buffer(secret);
        if (knowsReadOnly) expected.Bool(isReadOnly);
        Assert.Equal(expected.WithLength(), output.WrittenSpan.ToArray());
        Assert.Equal(4 + length, output.WrittenCount);
    }

    [Fact]
    public void Who_asks_for_the_extensions_in_the_place_of_the_version_is_told_that_they_are_there()
    {
        Assert.False(Decode(Frame.Connect())!.KnowsExtensions);
        var asking = Frame.Connect();
        "Zab\u0001"u8.CopyTo(asking.AsSpan(4));
        Assert.True(Decode(asking)!.KnowsExtensions);
        var output = new ArrayBufferWriter<byte>();
        ConnectResponse.Accept(
            output, new Connected(7, new byte[16], 4000, ActorRefs.Nobody), knowsReadOnly: true, knowsExtensions: true);
        Assert.Equal(
            new Frame().Int(0x5a616201).Int(4000).Long(7).Buffer(new byte[16]).Bool(false).WithLength(),
            output.WrittenSpan.ToArray());
    }

    [Fact]
    public void An_invalid_session_is_answered_by_zeros()
    {
        var output = new ArrayBufferWriter<byte>();
        ConnectResponse.Invalid(output, knowsReadOnly: true);
        Assert.Equal(
            new Frame().Int(0).Int(0).Long(0).Buffer(new byte[16]).Bool(false).WithLength(),
            output.WrittenSpan.ToArray());
    }
}
