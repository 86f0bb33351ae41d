/** The test framework a JVM library stands for; mocking and assertion libraries are none. */
export function testFrameworkOf(module: string): string | undefined {
  const [group = '', name = ''] = module.split(':');
  if (group === 'junit' && name === 'junit') return 'junit4';
  if (group === 'org.junit.vintage') return 'junit4';
  if (group === 'org.junit.jupiter' || module === 'org.junit:junit-bom') return 'junit5';
  if (group === 'org.testng' && name === 'testng') return 'testng';
  if (group === 'org.spockframework') return 'spock';
  if (group === 'io.kotest' || group === 'io.kotlintest')
    return /runner|framework-engine|^kotlintest/.test(name) ? 'kotest' : undefined;
  if (group === 'org.jetbrains.kotlin' && /^kotlin-test(-junit5?|-testng|-common)?$/.test(name)) return 'kotlin-test';
  if (group === 'org.spekframework.spek2') return 'spek';
  if (group === 'io.cucumber' && /^cucumber-(java8?|junit|kotlin|scala)/.test(name)) return 'cucumber';
  if (group === 'com.intuit.karate' || group === 'io.karatelabs') return 'karate';
  if (group === 'androidx.test.ext' && /^junit(-ktx)?$/.test(name)) return 'junit4';
  if (group === 'org.scalatest' && /^scalatest(_|$)/.test(name)) return 'scalatest';
  if (group === 'org.scalameta' && /^munit(_|$)/.test(name)) return 'munit';
  if (group === 'org.specs2') return 'specs2';
  if (group === 'dev.zio' && /^zio-test(_|$)/.test(name)) return 'zio-test';
  if (group === 'com.lihaoyi' && /^utest(_|$)/.test(name)) return 'utest';
  if (group === 'com.disneystreaming' || group === 'org.typelevel') return /^weaver-/.test(name) ? 'weaver' : undefined;
  // Spring Boot's starter brings JUnit Jupiter and nothing else names it.
  if (group === 'org.springframework.boot' && /^spring-boot-starter(-[\w-]+)?-test$/.test(name)) return 'junit5';
  if (group === 'io.quarkus' && /^quarkus-junit(5|$)/.test(name)) return 'junit5';
  if (group === 'io.micronaut.test' && name === 'micronaut-test-junit5') return 'junit5';
  return undefined;
}
