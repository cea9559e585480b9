need java=openjdk-17-jre-headless
