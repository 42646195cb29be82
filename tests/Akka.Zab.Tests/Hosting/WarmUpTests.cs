using Akka.Zab.Hosting;

namespace Akka.Zab.Tests.Hosting;

public class WarmUpTests
{
    [Fact]
    public void Every_method_that_a_server_may_need_is_compiled() => Assert.InRange(WarmUp.Compile(), 1000, 100_000);
}
